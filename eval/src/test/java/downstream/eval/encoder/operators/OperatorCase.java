package downstream.eval.encoder.operators;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import downstream.eval.encoder.operators.Operands.Phase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A graph of one node with its inputs: live float32 arrays, constants, or nothing. */
final class OperatorCase {
  /** What stands in one input slot: null where the node leaves it out. */
  record Slot(@Nullable TensorProto tensor, boolean isLive) {
    /** The constant in this slot, if it is one. */
    @Nullable TensorProto constant() {
      return isLive ? null : tensor;
    }

    long[] shape() {
      return Tensors.shape(Objects.requireNonNull(tensor));
    }
  }

  private final String operator;
  private final int opset;
  private final List<AttributeProto> attributes = new ArrayList<>();
  private final List<Slot> slots = new ArrayList<>();
  private final Random random = new Random(7);
  private int outputs = 1;
  private Phase phase = Phase.FROZEN_STATISTICS;

  private OperatorCase(String operator, int opset) {
    this.operator = operator;
    this.opset = opset;
  }

  static OperatorCase single(String operator, int opset) {
    return new OperatorCase(operator, opset);
  }

  /** A live input of standard normal values. */
  OperatorCase live(long... shape) {
    return values(random::nextGaussian, shape);
  }

  /** A live input of values between low and high. */
  OperatorCase between(double low, double high, long... shape) {
    return values(() -> low + (high - low) * random.nextDouble(), shape);
  }

  private OperatorCase values(java.util.function.DoubleSupplier next, long... shape) {
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) next.getAsDouble();
    }
    return live(values, shape);
  }

  OperatorCase live(float[] values, long... shape) {
    slots.add(new Slot(Tensors.of("x" + slots.size(), values, shape), true));
    return this;
  }

  /** A constant vector of integers. */
  OperatorCase integers(long... values) {
    return integers(values, values.length);
  }

  /** A constant int64 scalar. */
  OperatorCase integer(long value) {
    return constant(Tensors.of("c", new long[] {value}));
  }

  OperatorCase integers(long[] values, long... shape) {
    return constant(Tensors.of("c", values, shape));
  }

  /** A constant vector of float32 numbers. */
  OperatorCase floats(double... values) {
    return constant(Tensors.of("c", narrow(values), values.length));
  }

  /** A constant float32 scalar. */
  OperatorCase number(double value) {
    return constant(Tensors.of("c", new float[] {(float) value}));
  }

  OperatorCase booleans(int[] values, long... shape) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName("c").setDataType(TensorProto.DataType.BOOL_VALUE);
    Arrays.stream(shape).forEach(tensor::addDims);
    return constant(tensor.setRawData(ByteString.copyFrom(bytes)).build());
  }

  private OperatorCase constant(TensorProto tensor) {
    slots.add(new Slot(tensor.toBuilder().setName("x" + slots.size()).build(), false));
    return this;
  }

  /** An input that the node leaves out. */
  OperatorCase none() {
    slots.add(new Slot(null, false));
    return this;
  }

  OperatorCase with(String name, long... values) {
    AttributeProto.Builder attribute = named(name, AttributeProto.AttributeType.INTS);
    Arrays.stream(values).forEach(attribute::addInts);
    attributes.add(attribute.build());
    return this;
  }

  OperatorCase one(String name, long value) {
    attributes.add(named(name, AttributeProto.AttributeType.INT).setI(value).build());
    return this;
  }

  OperatorCase real(String name, double value) {
    attributes.add(named(name, AttributeProto.AttributeType.FLOAT).setF((float) value).build());
    return this;
  }

  OperatorCase reals(String name, double... values) {
    AttributeProto.Builder attribute = named(name, AttributeProto.AttributeType.FLOATS);
    Arrays.stream(values).forEach(value -> attribute.addFloats((float) value));
    attributes.add(attribute.build());
    return this;
  }

  OperatorCase text(String name, String value) {
    ByteString bytes = ByteString.copyFromUtf8(value);
    attributes.add(named(name, AttributeProto.AttributeType.STRING).setS(bytes).build());
    return this;
  }

  OperatorCase outputs(int count) {
    outputs = count;
    return this;
  }

  OperatorCase phase(Phase wanted) {
    phase = wanted;
    return this;
  }

  private static AttributeProto.Builder named(String name, AttributeProto.AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }

  private static float[] narrow(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  String operator() {
    return operator;
  }

  List<Slot> slots() {
    return slots;
  }

  Phase phase() {
    return phase;
  }

  Node node() {
    return Node.of(proto(), opset);
  }

  private NodeProto proto() {
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(operator).addAllAttribute(attributes);
    for (int i = 0; i < slots.size(); i++) {
      node.addInput(slots.get(i).tensor() == null ? "" : "x" + i);
    }
    for (int i = 0; i < outputs; i++) {
      node.addOutput("y" + i);
    }
    return node.build();
  }

  /** The node as a graph that ONNX Runtime can load; constants are initialisers. */
  ModelProto model() {
    GraphProto.Builder graph = GraphProto.newBuilder().setName(operator).addNode(proto());
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.get(i);
      if (slot.isLive()) {
        graph.addInput(input("x" + i, slot.shape()));
      } else if (slot.tensor() != null) {
        graph.addInitializer(slot.tensor());
      }
    }
    for (int i = 0; i < outputs; i++) {
      graph.addOutput(ValueInfoProto.newBuilder().setName("y" + i));
    }
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
        .setGraph(graph)
        .build();
  }

  private static ValueInfoProto input(String name, long[] shape) {
    TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
    for (long dimension : shape) {
      dimensions.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dimension));
    }
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder()
            .setElemType(TensorProto.DataType.FLOAT_VALUE)
            .setShape(dimensions)
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(operator).append('-').append(opset);
    for (AttributeProto attribute : attributes) {
      text.append(' ').append(attribute.getName());
      text.append('=').append(value(attribute));
    }
    for (Slot slot : slots) {
      text.append(' ').append(text(slot));
    }
    return text.toString();
  }

  private static String value(AttributeProto attribute) {
    return switch (attribute.getType()) {
      case INT -> String.valueOf(attribute.getI());
      case FLOAT -> String.valueOf(attribute.getF());
      case STRING -> attribute.getS().toStringUtf8();
      case FLOATS -> attribute.getFloatsList().toString();
      default -> attribute.getIntsList().toString();
    };
  }

  private static String text(Slot slot) {
    if (slot.tensor() == null) {
      return "-";
    }
    return slot.isLive()
        ? Arrays.toString(slot.shape())
        : Arrays.toString(Tensors.numbers(slot.tensor()));
  }
}
