package downstream.eval.encoder.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import downstream.eval.encoder.operators.Tensors;
import java.util.List;

/**
 * Builds an ONNX graph node by node; every method that adds a node returns the name of its output.
 */
public final class GraphWriter {
  /** A dimension that stays free, with its name. */
  static final String FREE_BATCH = "batch";

  private static final int OPSET = 17;
  private static final int IR_VERSION = 8;

  /** Producer name in the models that we write. */
  public static final String PRODUCER = "downstream";

  private final GraphProto.Builder graph;

  public GraphWriter(String name) {
    graph = GraphProto.newBuilder().setName(name);
  }

  /** The graph as a model of opset 17. */
  public ModelProto model() {
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .setProducerName(PRODUCER)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
        .setGraph(graph)
        .build();
  }

  /** Adds a node with one output. */
  public String node(
      String operator, String output, List<String> inputs, AttributeProto... attributes) {
    nodes(operator, List.of(output), inputs, attributes);
    return output;
  }

  /** Adds a node with several outputs. */
  public void nodes(
      String operator, List<String> outputs, List<String> inputs, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setName(outputs.get(0))
            .setOpType(operator)
            .addAllInput(inputs)
            .addAllOutput(outputs)
            .addAllAttribute(List.of(attributes)));
  }

  /** Adds an exact GELU, x/2 · (1 + erf(x/√2)), as {@code name.gelu}. */
  public String gelu(String name, String input) {
    weight(name + ".sqrt2", new float[] {(float) Math.sqrt(2)}, 1);
    weight(name + ".one", new float[] {1}, 1);
    weight(name + ".half", new float[] {0.5f}, 1);
    String scaled = node("Div", name + ".scaled", List.of(input, name + ".sqrt2"));
    String erf = node("Erf", name + ".erf", List.of(scaled));
    String shifted = node("Add", name + ".shifted", List.of(erf, name + ".one"));
    String product = node("Mul", name + ".product", List.of(input, shifted));
    return node("Mul", name + ".gelu", List.of(product, name + ".half"));
  }

  /** Adds a float32 initialiser. */
  public String weight(String name, float[] values, long... shape) {
    graph.addInitializer(Tensors.of(name, values, shape));
    return name;
  }

  /** Adds an int64 initialiser of one dimension. */
  public String integers(String name, long... values) {
    graph.addInitializer(Tensors.of(name, values, values.length));
    return name;
  }

  /** Declares a float32 input; a dimension of −1 is the free batch. */
  public String input(String name, long... shape) {
    graph.addInput(floatValue(name, shape));
    return name;
  }

  /** Declares a float32 output; a dimension of −1 is the free batch. */
  public void output(String name, long... shape) {
    graph.addOutput(floatValue(name, shape));
  }

  /** Declares a float32 map [N, channels, H, W] as an input; all but its channels are free. */
  public String mapInput(String name, long channels) {
    graph.addInput(floatMap(name, channels));
    return name;
  }

  /** Declares a float32 map [N, channels, H, W] as an output; all but its channels are free. */
  public void mapOutput(String name, long channels) {
    graph.addOutput(floatMap(name, channels));
  }

  private static ValueInfoProto floatMap(String name, long channels) {
    ValueInfoProto.Builder value = floatValue(name, -1, channels, -1, -1).toBuilder();
    var shape = value.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder();
    shape.getDimBuilder(2).setDimParam(name + "_height");
    shape.getDimBuilder(3).setDimParam(name + "_width");
    return value.build();
  }

  /** A float32 value; a dimension of −1 is the free batch, and without any the shape is open. */
  public static ValueInfoProto floatValue(String name, long... shape) {
    ValueInfoProto.Builder value = ValueInfoProto.newBuilder().setName(name);
    var tensor = value.getTypeBuilder().getTensorTypeBuilder().setElemType(DataType.FLOAT_VALUE);
    for (long size : shape) {
      var dimension = tensor.getShapeBuilder().addDimBuilder();
      if (size < 0) {
        dimension.setDimParam(FREE_BATCH);
      } else {
        dimension.setDimValue(size);
      }
    }
    return value.build();
  }

  public static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  public static AttributeProto attribute(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  public static AttributeProto attribute(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }
}
