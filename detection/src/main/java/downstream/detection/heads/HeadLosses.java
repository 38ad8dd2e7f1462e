package downstream.detection.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import downstream.eval.train.optimiser.Scalars;

/**
 * The losses of detectors, written out because the engine has none of them. Every argument is
 * float32; every result is a scalar sum unless it says otherwise.
 */
final class HeadLosses {
  private HeadLosses() {}

  /**
   * Focal loss (Lin et al. 2017, equation 5): −α (1−p)^γ log p for positives, −(1−α) p^γ log(1−p)
   * for negatives.
   *
   * @param logits [N, classes, cells]
   * @param groundTruth the same shape, 0 or 1
   */
  static NDArray focal(NDArray logits, NDArray groundTruth, float alpha, float gamma) {
    NDArray p = Activation.sigmoid(logits);
    // |target − p| is 1 − p for positives and p for negatives: how wrong the cell is.
    NDArray wrong = groundTruth.sub(p).abs();
    NDArray weight = groundTruth.mul(2 * alpha - 1).add(1 - alpha);
    return binaryCrossEntropy(logits, groundTruth)
        .mul(Scalars.power(wrong, gamma))
        .mul(weight)
        .sum();
  }

  /** −t log p − (1−t) log(1−p) by element, from logits, without overflow. */
  static NDArray binaryCrossEntropy(NDArray logits, NDArray groundTruth) {
    return Activation.softPlus(logits).sub(logits.mul(groundTruth));
  }

  /**
   * Minus the logarithm of the true class's probability, summed over rows.
   *
   * @param logits [rows, classes]
   * @param groundTruth class of each row, int64 [rows, 1]
   */
  static NDArray crossEntropy(NDArray logits, NDArray groundTruth) {
    return logits.logSoftmax(1).gather(groundTruth, 1).sum().neg();
  }

  /**
   * Smooth L1 loss by element: half the square of an error below {@code beta} over beta, beyond it
   * the error less half of beta (Girshick 2015, equation 3, where beta is 1); the plain error for
   * beta 0.
   */
  static NDArray smoothL1(NDArray error, double beta) {
    NDArray size = error.abs();
    if (beta == 0) {
      return size;
    }
    NDArray small = size.clip(0, beta);
    return Scalars.over(small.mul(size.sub(Scalars.over(small, 2))), beta);
  }

  /**
   * Generalised IoU loss (Rezatofighi et al. 2019, algorithm 1), 1 − GIoU, summed with a weight per
   * cell. Boxes are distances from a point inside both of them.
   *
   * @param distances predicted left, top, right, bottom: [N, 4, cells], positive
   * @param groundTruth the same shape; anything where the weight is 0
   * @param weight [N, 1, cells]
   */
  static NDArray giou(NDArray distances, NDArray groundTruth, NDArray weight) {
    NDArray shared = NDArrays.minimum(distances, groundTruth);
    NDArray spanned = NDArrays.maximum(distances, groundTruth);
    NDArray intersection = area(shared);
    NDArray union = area(distances).add(area(groundTruth)).sub(intersection);
    NDArray hull = area(spanned);
    NDArray giou = intersection.div(union).sub(hull.sub(union).div(hull));
    return giou.neg().add(1).mul(weight).sum();
  }

  /** (l + r)(t + b): [N, 4, cells] → [N, 1, cells]. */
  private static NDArray area(NDArray distances) {
    NDList sides = distances.split(4, 1);
    return sides.get(0).add(sides.get(2)).mul(sides.get(1).add(sides.get(3)));
  }
}
