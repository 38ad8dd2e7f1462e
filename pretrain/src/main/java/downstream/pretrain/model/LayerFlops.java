package downstream.pretrain.model;

import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.inspect.EncoderSummary;

/**
 * Floating-point operations of layers, per image, a multiply-add counted as two. Matrix products
 * and convolutions alone are counted. A forward pass counts once, the backward pass twice more, and
 * passes of a target network without gradients once, so that methods can be compared at equal cost.
 */
public final class LayerFlops {
  /** A forward pass and its backward pass as a multiple of the forward pass. */
  public static final long TRAINED = 3;

  private LayerFlops() {}

  /**
   * One transformer block with an MLP of ratio 4: 12·D² weights a token, and two products of T × T
   * with D.
   */
  static long block(long tokens, long width) {
    return 2 * tokens * 12 * width * width + 4 * tokens * tokens * width;
  }

  /** A matrix product of {@code rows} × {@code in} with {@code in} × {@code out}. */
  static long product(long rows, long in, long out) {
    return 2 * rows * in * out;
  }

  /** A forward pass of one image through an encoder's graph, to its levels. */
  static long graph(EncoderFile file, int side) {
    return EncoderSummary.of(file, side).path("flops_to_levels").asLong();
  }
}
