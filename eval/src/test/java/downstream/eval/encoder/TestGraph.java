package downstream.eval.encoder;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import downstream.eval.Json;
import downstream.eval.encoder.FeatureLevel.Layout;
import downstream.eval.encoder.build.WeightInit;
import downstream.eval.encoder.graph.GraphWriter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** Writes small graphs the way exporters do. */
public final class TestGraph {
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

  private final GraphWriter graph = new GraphWriter("test");
  private final SplittableRandom random = new SplittableRandom(3);
  private final int size;
  private int opset = 17;

  /**
   * @param batch −1 for any
   */
  public TestGraph(long batch, int size) {
    this.size = size;
    graph.input("images", batch, 3, size, size);
  }

  public TestGraph opset(int version) {
    opset = version;
    return this;
  }

  public String weight(String name, long... shape) {
    return graph.weight(name, values(shape), shape);
  }

  public float[] values(long... shape) {
    int count = 1;
    for (long length : shape) {
      count *= Math.toIntExact(length);
    }
    return WeightInit.normal(random, 0.5, count);
  }

  public String floats(String name, float[] values, long... shape) {
    return graph.weight(name, values, shape);
  }

  public String integers(String name, long... values) {
    return graph.integers(name, values);
  }

  /** A tensor in a Constant node. */
  public String constant(String name, TensorProto tensor) {
    AttributeProto value =
        AttributeProto.newBuilder()
            .setName("value")
            .setType(AttributeProto.AttributeType.TENSOR)
            .setT(tensor)
            .build();
    return graph.node("Constant", name, List.of(), value);
  }

  public String node(
      String operator, String output, List<String> inputs, AttributeProto... attributes) {
    return graph.node(operator, output, inputs, attributes);
  }

  public static AttributeProto attribute(String name, long... values) {
    return GraphWriter.attribute(name, values);
  }

  public static AttributeProto number(String name, long value) {
    return GraphWriter.attribute(name, value);
  }

  /** A 3×3 convolution with weights {@code name}.weight and {@code name}.bias. */
  public String convolution(String name, String input, long in, long out, long stride) {
    weight(name + ".weight", out, in, 3, 3);
    weight(name + ".bias", out);
    return node(
        "Conv",
        name,
        List.of(input, name + ".weight", name + ".bias"),
        attribute("pads", 1, 1, 1, 1),
        attribute("strides", stride, stride));
  }

  ModelProto model(String output, long... shape) {
    graph.output(output, shape);
    return graph.model().toBuilder()
        .setProducerName("an exporter")
        .clearOpsetImport()
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset))
        .build();
  }

  /** The graph as an encoder with one level. */
  public EncoderFile encoder(String level, int stride, int channels, Layout layout) {
    ModelProto model = model(level);
    var output = model.getGraph().getOutput(0).toBuilder();
    output.getTypeBuilder().getTensorTypeBuilder().clearShape();
    ModelProto open =
        model.toBuilder().setGraph(model.getGraph().toBuilder().setOutput(0, output)).build();
    EncoderSpec spec =
        new EncoderSpec(
            "images",
            size,
            HALF,
            HALF,
            List.of(new FeatureLevel(level, stride, channels, layout)),
            Set.of(),
            Optional.empty(),
            false);
    return EncoderFile.of("test", open, spec, Json.MAPPER.createObjectNode());
  }
}
