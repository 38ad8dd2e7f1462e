package downstream.eval.train;

import downstream.eval.Checks;
import downstream.eval.torch.Precision;
import downstream.eval.train.optimiser.Clipping;
import downstream.eval.train.optimiser.Optimiser;
import downstream.eval.train.optimiser.ScalarSchedule;
import downstream.eval.train.optimiser.Schedule;

/**
 * Plan of a training: its length, batches and learning rates.
 *
 * @param steps optimiser updates
 * @param batch examples per update; the last, smaller batch of an epoch is dropped unless it is the
 *     only one
 * @param optimiser the update rule and its base rate
 * @param schedule how the rate moves
 * @param weightDecayEnd what the optimiser's weight decay moves to along a cosine
 * @param clipping of gradients
 * @param seed of data order, augmentation and every random draw of the objective
 * @param checkpointEvery steps between checkpoints
 * @param threads loader threads
 * @param precision of the networks
 */
public record TrainingPlan(
    int steps,
    int batch,
    Optimiser optimiser,
    Schedule schedule,
    double weightDecayEnd,
    Clipping clipping,
    long seed,
    int checkpointEvery,
    int threads,
    Precision precision) {
  private static final int CHECKPOINTS = 10;
  private static final int LONGEST_INTERVAL = 500;

  public TrainingPlan {
    Checks.require(steps > 0, "steps must be positive, not " + steps);
    Checks.require(batch > 0, "batch must be positive, not " + batch);
    Checks.require(weightDecayEnd >= 0, "weightDecayEnd must not be negative: " + weightDecayEnd);
    Checks.require(
        checkpointEvery > 0 && threads > 0, "checkpointEvery and threads must be positive");
  }

  /**
   * A plan in float32 whose weight decay stays as it is.
   *
   * @param clip largest norm of all gradients together; 0 switches clipping off
   */
  public TrainingPlan(
      int steps,
      int batch,
      Optimiser optimiser,
      Schedule schedule,
      double clip,
      long seed,
      int checkpointEvery,
      int threads) {
    this(
        steps, batch, optimiser, schedule, clip, seed, checkpointEvery, threads, Precision.FLOAT32);
  }

  /** A plan whose weight decay stays as it is. */
  public TrainingPlan(
      int steps,
      int batch,
      Optimiser optimiser,
      Schedule schedule,
      double clip,
      long seed,
      int checkpointEvery,
      int threads,
      Precision precision) {
    this(
        steps,
        batch,
        optimiser,
        schedule,
        optimiser.weightDecay(),
        new Clipping(clip, false),
        seed,
        checkpointEvery,
        threads,
        precision);
  }

  /** Steps between checkpoints: ten in a training, more often in a long one. */
  public static int checkpointEvery(int steps) {
    return Math.max(1, Math.min(LONGEST_INTERVAL, steps / CHECKPOINTS));
  }

  /** The plan without what does not change its numbers: checkpoint interval and threads. */
  TrainingPlan withoutMachine() {
    return with(steps, 1, 1);
  }

  /** The plan with at least this many steps. */
  TrainingPlan lasting(int least) {
    return withSteps(Math.max(steps, least));
  }

  TrainingPlan withSteps(int other) {
    return with(other, checkpointEvery, threads);
  }

  private TrainingPlan with(int otherSteps, int otherCheckpointEvery, int otherThreads) {
    return new TrainingPlan(
        otherSteps,
        batch,
        optimiser,
        schedule,
        weightDecayEnd,
        clipping,
        seed,
        otherCheckpointEvery,
        otherThreads,
        precision);
  }

  /** The learning rate of a step; 0 is the first. */
  public double rateAt(double step) {
    return schedule.rate(optimiser.learningRate(), step, steps);
  }

  /** The weight decay of a step. */
  public double weightDecayAt(double step) {
    return ScalarSchedule.cosine(optimiser.weightDecay(), weightDecayEnd).at(step, steps);
  }
}
