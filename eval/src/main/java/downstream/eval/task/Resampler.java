package downstream.eval.task;

/** Stored statistics of a run, read once, that give its score for any weighting of the images. */
@FunctionalInterface
public interface Resampler {
  /**
   * The score with image i counted {@code imageWeights[i]} times.
   *
   * @param imageWeights one whole number ≥ 0 per image, in the set's order; all 1 gives the plain
   *     score
   */
  Score resample(double[] imageWeights);
}
