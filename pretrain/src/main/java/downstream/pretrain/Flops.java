package downstream.pretrain;

/**
 * What a training costs: floating-point operations an image, a multiply-add counted as two. Matrix
 * products alone are counted. A forward pass counts once, the backward pass twice more, and passes
 * of a target network without gradients once, so that methods can be compared at equal cost.
 */
final class Flops {
  private static final long FORWARD_AND_BACKWARD = 3;

  private Flops() {}

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

  /** MAE: patches of all tokens, encoder on the visible ones, decoder on all. */
  static long mae(MaeSettings settings) {
    long tokens = settings.tokens();
    long visible = settings.visible();
    long values = settings.patchValues();
    long decoderWidth = settings.decoderWidth();
    long encoder =
        product(tokens, values, settings.width())
            + settings.depth() * block(visible, settings.width());
    long decoder =
        product(visible, settings.width(), decoderWidth)
            + settings.decoderDepth() * block(tokens, decoderWidth)
            + product(tokens, decoderWidth, values);
    return FORWARD_AND_BACKWARD * (encoder + decoder);
  }

  /** BYOL: both views through the online network, and through the target without gradients. */
  static long byol(ByolSettings settings) {
    long grid = settings.encoder().grid();
    long tokens = grid * grid;
    long values = 3L * settings.patch() * settings.patch();
    long encoder =
        product(tokens, values, settings.width())
            + settings.depth() * block(tokens, settings.width());
    long projector =
        product(1, settings.width(), settings.hidden())
            + product(1, settings.hidden(), settings.projection());
    long predictor = 2 * product(1, settings.projection(), settings.hidden());
    return 2 * (FORWARD_AND_BACKWARD * (encoder + projector + predictor) + encoder + projector);
  }
}
