package downstream.eval.encoder.build;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.encoder.graph.GraphWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A ResNet without its classifier (He et al., 2016): basic blocks for depth 18, bottlenecks with
 * the stride in their 3×3 convolution for depth 50. It writes an ONNX graph of opset 17 with a free
 * batch, height and width.
 *
 * <p>Named values: {@code images} [N, 3, H, W], and the outputs of the four stages, {@code C2} [N,
 * C, H/4, W/4], {@code C3}, {@code C4}, {@code C5} [N, 8C, H/32, W/32], with C = width for depth 18
 * and 4 · width for depth 50. Weights have the names that torchvision gives them.
 *
 * @param depth 18 or 50
 * @param width channels of the stem, 64 in the paper; a small one makes a network for tests
 */
public record ResNet(int depth, int width) {
  private static final int STAGES = 4;
  private static final int FINEST_STRIDE = 4;
  private static final int COARSEST_STRIDE = 32;

  public ResNet {
    if (depth != 18 && depth != 50) {
      throw new IllegalArgumentException("depth must be 18 or 50, not " + depth);
    }
    if (width <= 0) {
      throw new IllegalArgumentException("width must be positive, not " + width);
    }
  }

  /** ResNet-18 as published: 11.2 million parameters. */
  public static ResNet eighteen() {
    return new ResNet(18, 64);
  }

  /** ResNet-50 (v1.5): 23.5 million parameters. */
  public static ResNet fifty() {
    return new ResNet(50, 64);
  }

  /** Tells whether blocks are two 3×3 convolutions instead of 1×1, 3×3 and 1×1. */
  public boolean basic() {
    return depth == 18;
  }

  /** Blocks of each stage. */
  public List<Integer> blocks() {
    return basic() ? List.of(2, 2, 2, 2) : List.of(3, 4, 6, 3);
  }

  /** Channels of the 3×3 convolutions of stage 0 to 3. */
  public int channels(int stage) {
    return width << stage;
  }

  /** Channels that stage 0 to 3 puts out. */
  public int outputChannels(int stage) {
    return channels(stage) * (basic() ? 1 : 4);
  }

  /** Channels of {@code C5}, the last level. */
  public int outputChannels() {
    return outputChannels(STAGES - 1);
  }

  /** The name of what stage 0 to 3 puts out. */
  static String level(int stage) {
    return "C" + (stage + 2);
  }

  /**
   * Writes the graph with weights drawn as {@link InitialWeights#ZERO_LAST_NORM}, so that every
   * block begins as its shortcut (Goyal et al., 2017).
   *
   * @see #build(String, int, RandomWeights, List, List, ObjectNode)
   */
  public EncoderFile build(
      String name,
      int imageSize,
      long seed,
      List<Double> mean,
      List<Double> std,
      ObjectNode provenance) {
    return build(
        name,
        imageSize,
        new RandomWeights(InitialWeights.ZERO_LAST_NORM, seed),
        mean,
        std,
        provenance);
  }

  /**
   * Writes the graph.
   *
   * @param name of the encoder
   * @param imageSize what the spec proposes, a multiple of 32; any other multiple will do too
   * @param mean per channel of images in [0, 1]
   * @param std per channel of images in [0, 1]
   * @throws IllegalArgumentException if 32 does not divide {@code imageSize}
   */
  public EncoderFile build(
      String name,
      int imageSize,
      RandomWeights weights,
      List<Double> mean,
      List<Double> std,
      ObjectNode provenance) {
    if (imageSize % COARSEST_STRIDE != 0) {
      throw new IllegalArgumentException("imageSize must be a multiple of 32, not " + imageSize);
    }
    GraphWriter graph = new GraphWriter(name);
    new ResNetLayers(this, graph, weights).write();
    List<FeatureLevel> levels = new ArrayList<>();
    for (int stage = 0; stage < STAGES; stage++) {
      int channels = outputChannels(stage);
      graph.mapOutput(level(stage), channels);
      levels.add(
          new FeatureLevel(
              level(stage), FINEST_STRIDE << stage, channels, FeatureLevel.Layout.MAP));
    }
    EncoderSpec spec =
        new EncoderSpec("images", imageSize, mean, std, levels, Set.of(), Optional.empty(), true);
    return EncoderFile.of(name, graph.model(), spec, provenance);
  }
}
