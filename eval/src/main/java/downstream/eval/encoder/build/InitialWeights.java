package downstream.eval.encoder.build;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.SplittableRandom;

/**
 * Ways in which published code draws an encoder's first weights. Biases are 0 and norms 1 and 0
 * unless said otherwise.
 */
public enum InitialWeights {
  /** Transformers: Xavier-uniform, query, key and value as one matrix; class token normal, 0.02. */
  MAE("mae"),
  /** Transformers: as MAE, but query, key and value are three matrices; class token 1e-6. */
  MOCO_V3("moco-v3"),
  /**
   * Transformers: normal, 0.02, cut off at one deviation; the last layers of a block's two branches
   * are divided by √(2 · number of the block) (BEiT).
   */
  SIMMIM("simmim"),
  /**
   * Transformers: normal, 0.02; the patch embedding and its bias uniform in ±1 / √in (DINO, Swin).
   */
  TIMM("timm"),
  /** ResNets: normal, √(2 / fan-out); the last norm of every block starts with scale 0. */
  ZERO_LAST_NORM("zero-last-norm"),
  /** ResNets: normal, √(2 / fan-out). */
  TORCHVISION("torchvision"),
  /** ResNets: normal, √(2 / fan-in) (OpenSelfSup). */
  FAN_IN("fan-in"),
  /**
   * ResNets: normal, 1 / √(fan-in), cut off at two deviations; the last norm of a bottleneck starts
   * with scale 0.
   */
  HAIKU("haiku");

  private static final double DEVIATION = .02;
  private static final double ALMOST_ZERO = 1e-6;

  private final String setting;

  InitialWeights(String setting) {
    this.setting = setting;
  }

  /** The name in files of settings. */
  @JsonValue
  @Override
  public String toString() {
    return setting;
  }

  /** Tells whether transformers are drawn like this, not ResNets. */
  public boolean isOfTransformers() {
    return compareTo(ZERO_LAST_NORM) < 0;
  }

  /**
   * A transformer's linear layer.
   *
   * @param parts matrices that stand side by side: 3 for query, key and value
   * @param branchEnd number of the block, from 1, if the layer is the last of a branch, else 0
   */
  float[] linear(SplittableRandom random, int in, int out, int parts, int branchEnd) {
    return switch (this) {
      case MOCO_V3 -> WeightInit.xavier(random, in, out / parts, in * out);
      case SIMMIM ->
          WeightInit.truncatedNormal(
              random, DEVIATION / Math.sqrt(Math.max(1, 2 * branchEnd)), 1, in * out);
      case TIMM -> WeightInit.normal(random, DEVIATION, in * out);
      default -> WeightInit.xavier(random, in, out, in * out);
    };
  }

  /**
   * A patch embedding of one convolution.
   *
   * @param area values of a patch
   */
  float[] patchKernel(SplittableRandom random, int area, int width) {
    return switch (this) {
      case SIMMIM -> WeightInit.truncatedNormal(random, DEVIATION, 1, area * width);
      case TIMM -> WeightInit.uniform(random, 1 / Math.sqrt(area), area * width);
      default -> WeightInit.xavier(random, area, width, area * width);
    };
  }

  float[] patchBias(SplittableRandom random, int area, int width) {
    return this == TIMM ? WeightInit.uniform(random, 1 / Math.sqrt(area), width) : new float[width];
  }

  float[] classToken(SplittableRandom random, int width) {
    return switch (this) {
      case MOCO_V3 -> WeightInit.normal(random, ALMOST_ZERO, width);
      case SIMMIM -> WeightInit.truncatedNormal(random, DEVIATION, 1, width);
      default -> WeightInit.normal(random, DEVIATION, width);
    };
  }

  /** A ResNet's convolution with a square kernel. */
  float[] convolution(SplittableRandom random, int in, int out, int side) {
    int count = out * in * side * side;
    return switch (this) {
      case FAN_IN -> WeightInit.kaiming(random, (long) in * side * side, count);
      case HAIKU -> WeightInit.truncatedNormal(random, 1 / Math.sqrt(in * side * side), 2, count);
      default -> WeightInit.kaiming(random, (long) out * side * side, count);
    };
  }

  /** The scale that the last norm of a ResNet's block starts with. */
  float lastNorm(boolean bottleneck) {
    return this == ZERO_LAST_NORM || (this == HAIKU && bottleneck) ? 0 : 1;
  }
}
