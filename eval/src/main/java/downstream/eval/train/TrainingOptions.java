package downstream.eval.train;

import downstream.eval.Checks;
import java.util.OptionalInt;

/**
 * Options of a training that do not change its result.
 *
 * @param determinismSteps first steps to run twice, to check that they give the same results; 0
 *     runs none twice
 * @param stepsBetweenReads steps after which losses and norms are read back; empty: {@link
 *     TrainingLoop#STEPS_BETWEEN_READS} on a GPU, every step on a CPU
 * @param trace of the training's time
 */
public record TrainingOptions(int determinismSteps, OptionalInt stepsBetweenReads, Trace trace) {
  /** Options of a training that is not checked for determinism. */
  public static final TrainingOptions DEFAULTS =
      new TrainingOptions(0, OptionalInt.empty(), Trace.OFF);

  public TrainingOptions {
    Checks.require(
        determinismSteps >= 0, "determinismSteps must not be negative: " + determinismSteps);
    Checks.require(
        stepsBetweenReads.orElse(1) > 0, "stepsBetweenReads must be positive, not 0 or less");
  }

  /** Returns these options with the first steps run twice. */
  public TrainingOptions checkingDeterminism(int steps) {
    return new TrainingOptions(steps, stepsBetweenReads, trace);
  }

  /** Returns these options with results read back after so many steps. */
  TrainingOptions readingEvery(int steps) {
    return new TrainingOptions(determinismSteps, OptionalInt.of(steps), trace);
  }

  /** Returns these options with a trace. */
  public TrainingOptions tracing(Trace to) {
    return new TrainingOptions(determinismSteps, stepsBetweenReads, to);
  }
}
