package downstream.eval.train;

/**
 * How long and how fast to train.
 *
 * @param steps optimiser updates
 * @param batch examples per update; the last, smaller batch of an epoch is dropped unless it is the
 *     only one
 * @param learningRate peak rate of AdamW
 * @param weightDecay decoupled, not applied to biases and norms
 * @param beta1 first-moment decay
 * @param beta2 second-moment decay
 * @param warmup share of the steps in which the rate rises linearly from 0; then it falls to 0
 *     along a cosine
 * @param clip largest global gradient norm; 0 switches clipping off
 * @param seed of data order, augmentation and every random draw of the objective
 * @param checkpointEvery steps between checkpoints
 * @param threads loader threads
 */
public record Plan(
    int steps,
    int batch,
    double learningRate,
    double weightDecay,
    double beta1,
    double beta2,
    double warmup,
    double clip,
    long seed,
    int checkpointEvery,
    int threads) {
  public Plan {
    check(steps > 0, "steps must be positive, not " + steps);
    check(batch > 0, "batch must be positive, not " + batch);
    check(learningRate > 0, "learningRate must be positive, not " + learningRate);
    check(weightDecay >= 0, "weightDecay must not be negative: " + weightDecay);
    check(
        beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1,
        "betas must be in [0, 1): " + beta1 + ", " + beta2);
    check(warmup >= 0 && warmup < 1, "warmup is a share of the steps in [0, 1), not " + warmup);
    check(clip >= 0, "clip must not be negative: " + clip);
    check(checkpointEvery > 0 && threads > 0, "checkpointEvery and threads must be positive");
  }

  private static void check(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }

  /** The plan without what does not change its numbers: checkpoint interval and threads. */
  Plan withoutMachine() {
    return new Plan(
        steps, batch, learningRate, weightDecay, beta1, beta2, warmup, clip, seed, 1, 1);
  }

  /**
   * The learning rate of a step: linear warm-up from 0, then half a cosine to 0 (MAE's schedule,
   * per step).
   */
  public double rateAt(double step) {
    double rising = warmup * steps;
    if (step < rising) {
      return learningRate * step / rising;
    }
    return learningRate * 0.5 * (1 + Math.cos(Math.PI * (step - rising) / (steps - rising)));
  }
}
