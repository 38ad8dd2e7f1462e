package downstream.pretrain.model.targets;

import ai.djl.ndarray.NDArray;
import downstream.eval.train.optimiser.Scalars;

/**
 * The loss of a student that is to give the distribution of its teacher (Hinton et al. 2015), as
 * DINO and SlotCon use it. K scores a row.
 */
public final class Distillation {
  private Distillation() {}

  /** Probabilities softmax(scores / T): [..., K]. */
  public static NDArray probabilities(NDArray scores, double temperature) {
    return Scalars.over(scores, temperature).softmax(lastAxis(scores));
  }

  /** Logarithms of the probabilities. */
  public static NDArray logProbabilities(NDArray scores, double temperature) {
    return Scalars.over(scores, temperature).logSoftmax(lastAxis(scores));
  }

  /**
   * Cross-entropy of each row: -Σ wanted · log found.
   *
   * @param found log probabilities of the student, [..., K]
   * @param wanted probabilities of the teacher, constants
   * @return [...]
   */
  public static NDArray crossEntropy(NDArray found, NDArray wanted) {
    return Scalars.times(wanted.mul(found).sum(new int[] {lastAxis(found)}), -1);
  }

  private static int lastAxis(NDArray array) {
    return array.getShape().dimension() - 1;
  }
}
