package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import downstream.eval.parallel.BatchShare;
import downstream.eval.train.optimiser.Scalars;

/** Losses that compare the directions of embeddings, [N, d] each. */
public final class Similarity {
  private static final double EPSILON = 1e-12;

  private Similarity() {}

  /** Rows scaled to length 1, ε = 1e-12 inside the root (BYOL, {@code helpers.py}). */
  static NDArray normalised(NDArray rows) {
    return rows.div(rows.square().sum(new int[] {1}, true).add(EPSILON).sqrt());
  }

  /**
   * BYOL's loss, one direction: the mean over the batch of ‖q/|q| - z/|z|‖² = 2 - 2·cos (Grill et
   * al. 2020, equation 2).
   *
   * @param prediction q
   * @param target z, a constant
   */
  public static NDArray byol(NDArray prediction, NDArray target) {
    return normalised(prediction)
        .sub(normalised(target))
        .square()
        .sum(new int[] {1}) // [N]
        .mean();
  }

  /**
   * SimSiam's loss, one direction: the mean over the batch of -cos(p, z) (Chen and He 2021,
   * equation 1).
   *
   * @param prediction p
   * @param target z, a constant
   */
  public static NDArray simSiam(NDArray prediction, NDArray target) {
    return Scalars.times(cosines(prediction, target).mean(), -1);
  }

  /**
   * The same as {@link #simSiam(NDArray, NDArray)} over some rows of a batch, or 0 over none.
   *
   * @param counted [N], 1 where a row counts, else 0
   */
  public static NDArray simSiam(NDArray prediction, NDArray target, NDArray counted) {
    NDArray sum = cosines(prediction, target).mul(counted).sum();
    return Scalars.times(sum.div(BatchShare.current().divisor(counted.sum(), 1)), -1);
  }

  /** [N]. */
  private static NDArray cosines(NDArray prediction, NDArray target) {
    return normalised(prediction).mul(normalised(target)).sum(new int[] {1});
  }
}
