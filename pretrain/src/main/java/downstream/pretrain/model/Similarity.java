package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import downstream.eval.parallel.BatchShare;
import downstream.eval.train.optimiser.Scalars;

/** Losses that compare the directions of embeddings: rows of d values. */
public final class Similarity {
  private static final double EPSILON = 1e-12;

  private Similarity() {}

  /**
   * Rows scaled to length 1, ε = 1e-12 inside the root (BYOL, {@code helpers.py}).
   *
   * @param rows [N, d], or [N, L, d]
   */
  public static NDArray normalised(NDArray rows) {
    int[] last = {rows.getShape().dimension() - 1};
    return rows.div(rows.square().sum(last, true).add(EPSILON).sqrt());
  }

  /**
   * InfoNCE (van den Oord et al. 2018), the cross-entropy of telling the positive from the
   * negatives: the mean over rows of logsumexp(row) - row[positive].
   *
   * @param logits [N, M], similarities divided by the temperature
   * @param positives int64 [N, 1], the column of each row's positive
   * @return a scalar
   */
  public static NDArray infoNce(NDArray logits, NDArray positives) {
    return Scalars.times(logits.logSoftmax(1).gather(positives, 1).mean(), -1);
  }

  /** {@link #infoNce(NDArray, NDArray)} with the positives in column 0. */
  public static NDArray infoNce(NDArray logits) {
    return infoNce(logits, firstColumn(logits));
  }

  /**
   * The columns of a batch's own rows among those of the whole batch, where rows are compared with
   * all of it.
   *
   * @param logits [N, M], N rows of this share of the batch
   * @return int64 [N, 1]
   */
  public static NDArray ownColumns(NDArray logits) {
    int count = (int) logits.getShape().get(0);
    int first = BatchShare.current().first();
    return logits.getManager().arange(first, first + count, 1, DataType.INT64).reshape(count, 1);
  }

  private static NDArray firstColumn(NDArray logits) {
    Shape column = new Shape(logits.getShape().get(0), 1);
    return logits.getManager().zeros(column, DataType.INT64);
  }

  /**
   * Share of the rows of the whole batch whose positive is the most similar; without gradients.
   *
   * @param logits [N, M]
   * @param positives int64 [N, 1]
   * @return a scalar
   */
  public static NDArray accuracy(NDArray logits, NDArray positives) {
    NDArray detached = logits.stopGradient();
    NDArray positive = detached.gather(positives, 1); // [N, 1]
    NDArray right = positive.gte(detached.max(new int[] {1}, true)); // a tie counts as right
    return BatchShare.current().gatherRows(right.toType(DataType.FLOAT32, false)).mean();
  }

  /** {@link #accuracy(NDArray, NDArray)} with the positives in column 0. */
  public static NDArray accuracy(NDArray logits) {
    return accuracy(logits, firstColumn(logits));
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
