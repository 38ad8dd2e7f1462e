package downstream.pretrain.method.contrast;

import ai.djl.ndarray.NDArray;
import downstream.eval.train.optimiser.Scalars;

/**
 * The Sinkhorn-Knopp algorithm of SwAV (Caron et al. 2020, section 3.1, {@code
 * distributed_sinkhorn}): shares rows out among prototypes, so that each prototype gets as much as
 * any other.
 */
final class Sinkhorn {
  private static final int[] OVER_ROWS = {0};
  private static final int[] OVER_PROTOTYPES = {1};

  private Sinkhorn() {}

  /**
   * The codes of rows.
   *
   * @param scores [M, K], constants
   * @param epsilon weight of the entropy: the larger, the softer the codes
   * @param iterations how often prototypes and rows are made equal in turn; with 0 a code is the
   *     softmax of its row alone
   * @return [M, K], rows with sum 1
   */
  static NDArray codes(NDArray scores, double epsilon, int iterations) {
    NDArray largest = scores.max(); // it cancels out, and keeps exp within bounds
    NDArray codes = Scalars.over(scores.sub(largest), epsilon).exp();
    for (int i = 0; i < iterations; i++) {
      codes = equal(equal(codes, OVER_ROWS), OVER_PROTOTYPES);
    }
    return equal(codes, OVER_PROTOTYPES);
  }

  /** Divides by the sums along an axis. */
  private static NDArray equal(NDArray codes, int[] axis) {
    return codes.div(codes.sum(axis, true));
  }
}
