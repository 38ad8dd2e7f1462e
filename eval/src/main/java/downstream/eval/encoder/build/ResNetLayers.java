package downstream.eval.encoder.build;

import static downstream.eval.encoder.graph.GraphWriter.attribute;

import downstream.eval.encoder.graph.GraphWriter;
import java.util.List;
import java.util.SplittableRandom;

/** Writes the nodes of a {@link ResNet}, weights drawn in the order of the nodes. */
final class ResNetLayers {
  private static final float EPSILON = 1e-5f;

  private final ResNet network;
  private final GraphWriter graph;
  private final InitialWeights form;
  private final SplittableRandom random;

  ResNetLayers(ResNet network, GraphWriter graph, RandomWeights weights) {
    this.network = network;
    this.graph = graph;
    form = weights.form();
    random = new SplittableRandom(weights.seed());
  }

  /** {@code images} [N, 3, H, W] → … → {@code C5} [N, 8C, H/32, W/32]. */
  void write() {
    String value = stem(graph.mapInput("images", 3));
    int channels = network.width();
    for (int stage = 0; stage < network.blocks().size(); stage++) {
      for (int block = 0; block < network.blocks().get(stage); block++) {
        boolean last = block == network.blocks().get(stage) - 1;
        int stride = stage > 0 && block == 0 ? 2 : 1;
        String name = "layer" + (stage + 1) + "." + block;
        String output = last ? ResNet.level(stage) : name;
        value = block(name, output, value, channels, stage, stride);
        channels = network.outputChannels(stage);
      }
    }
  }

  /** 7×7 convolution of stride 2 and 3×3 maximum of stride 2: [N, 3, H, W] → [N, C, H/4, W/4]. */
  private String stem(String images) {
    String value = convolution("conv1", images, 3, network.width(), 7, 2);
    value = relu("relu", norm("bn1", value, network.width(), 1));
    return graph.node(
        "MaxPool",
        "maxpool",
        List.of(value),
        attribute("kernel_shape", new long[] {3, 3}),
        attribute("strides", new long[] {2, 2}),
        attribute("pads", new long[] {1, 1, 1, 1}));
  }

  /** relu(shortcut(x) + residual(x)). */
  private String block(String name, String output, String input, int in, int stage, int stride) {
    int out = network.outputChannels(stage);
    int middle = network.channels(stage);
    String residual =
        network.basic()
            ? basic(name, input, in, out, stride)
            : bottleneck(name, input, in, middle, out, stride);
    String shortcut =
        stride == 1 && in == out ? input : projection(name + ".downsample", input, in, out, stride);
    return relu(output, graph.node("Add", name + ".sum", List.of(residual, shortcut)));
  }

  /** 3×3 of this stride, 3×3. */
  private String basic(String name, String input, int in, int out, int stride) {
    String value = convolution(name + ".conv1", input, in, out, 3, stride);
    value = relu(name + ".relu1", norm(name + ".bn1", value, out, 1));
    value = convolution(name + ".conv2", value, out, out, 3, 1);
    return norm(name + ".bn2", value, out, form.lastNorm(false));
  }

  /** 1×1, 3×3 of this stride, 1×1 to four times the channels. */
  private String bottleneck(String name, String input, int in, int middle, int out, int stride) {
    String value = convolution(name + ".conv1", input, in, middle, 1, 1);
    value = relu(name + ".relu1", norm(name + ".bn1", value, middle, 1));
    value = convolution(name + ".conv2", value, middle, middle, 3, stride);
    value = relu(name + ".relu2", norm(name + ".bn2", value, middle, 1));
    value = convolution(name + ".conv3", value, middle, out, 1, 1);
    return norm(name + ".bn3", value, out, form.lastNorm(true));
  }

  /** The shortcut where channels or resolution change: 1×1 of this stride (option B). */
  private String projection(String name, String input, int in, int out, int stride) {
    return norm(name + ".1", convolution(name + ".0", input, in, out, 1, stride), out, 1);
  }

  private String relu(String output, String input) {
    return graph.node("Relu", output, List.of(input));
  }

  /** A square kernel of odd side, padded so that stride 1 keeps the size; no bias. */
  private String convolution(String name, String input, int in, int out, int side, int stride) {
    long half = side / 2;
    float[] values = form.convolution(random, in, out, side);
    graph.weight(name + ".weight", values, out, in, side, side);
    return graph.node(
        "Conv",
        name,
        List.of(input, name + ".weight"),
        attribute("kernel_shape", new long[] {side, side}),
        attribute("strides", new long[] {stride, stride}),
        attribute("pads", new long[] {half, half, half, half}));
  }

  /** Batch normalisation with mean 0 and variance 1 as its statistics, shift 0. */
  private String norm(String name, String input, int channels, float scale) {
    graph.weight(name + ".weight", WeightInit.constant(scale, channels), channels);
    graph.weight(name + ".bias", WeightInit.constant(0, channels), channels);
    graph.weight(name + ".running_mean", WeightInit.constant(0, channels), channels);
    graph.weight(name + ".running_var", WeightInit.constant(1, channels), channels);
    return graph.node(
        "BatchNormalization",
        name,
        List.of(
            input, name + ".weight", name + ".bias", name + ".running_mean", name + ".running_var"),
        attribute("epsilon", EPSILON));
  }
}
