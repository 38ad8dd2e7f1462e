package downstream.eval.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import downstream.eval.Device;
import downstream.eval.train.optimiser.Weight;
import java.util.List;
import java.util.Map;

/**
 * Objective of a training: the weights, and the loss of one batch.
 *
 * <p>In data-parallel training each device has an objective of its own, a replica, with the same
 * weights, and {@link #losses} sees the replica's share of a batch on a thread of its own. A loss
 * that is an average over examples needs nothing for it; what else depends on the whole batch, asks
 * {@link downstream.eval.parallel.BatchShare}. Everything else is asked of the first replica alone,
 * but for {@link #afterUpdate}.
 */
public interface Objective<E> {
  /** Returns the device of an objective's weights. */
  static Device device(Objective<?> objective) {
    return Device.of(objective.weights().get(0).array().getManager());
  }

  /** The method's name, for progress and errors. */
  String name();

  /** Every weight that is trained, names unique, order stable from run to run. */
  List<Weight> weights();

  /**
   * Arrays that are not trained but belong to a checkpoint (batch-norm statistics, a momentum
   * encoder), by name.
   */
  default Map<String, NDArray> state() {
    return Map.of();
  }

  /**
   * Makes arrays from the examples of a batch alone, ahead of its step, on a thread of the loader:
   * implementations are thread-safe and draw nothing.
   *
   * @param manager owns the arrays until the step is over
   */
  default NDList arrays(List<E> batch, NDManager manager) {
    return new NDList();
  }

  /** Returns the {@link #arrays} of a step's batch: made ahead, or made now. */
  default NDList arrays(List<E> batch, Step step) {
    return step.arraysOrElse(() -> arrays(batch, step.manager()));
  }

  /**
   * The loss of one batch, or of this replica's share of it, recorded by autograd. Host data
   * becomes arrays of {@code step.manager()}.
   */
  Losses losses(List<E> batch, Step step);

  /** Runs after the optimiser's update, without gradients: the place for a moving average. */
  default void afterUpdate(Step step) {}

  /**
   * Measures what is worth watching beside the loss in every step, after the update and without
   * gradients.
   *
   * @return scalars by name, for the log; they are read back together with the losses
   */
  default Map<String, NDArray> measure(Step step) {
    return Map.of();
  }

  /**
   * Checks what a step measured once it is read back, at most {@link
   * TrainingLoop#STEPS_BETWEEN_READS} steps later.
   *
   * @param step 0 for the first
   * @param steps how many there will be
   * @throws TrainingStopped if going on is of no use
   */
  default void check(int step, int steps, Map<String, Double> measured) {}

  /** Tells whether {@link #observe} is to be called in this step. */
  default boolean observesAt(Step step) {
    return false;
  }

  /**
   * Observes the model, last in a step and without gradients, by name for the step's log line: for
   * what costs too much to be measured in every step. All losses up to this step are known to be
   * finite. It must leave weights and state as later steps expect them; random draws are free,
   * since every step seeds the generators anew.
   *
   * @throws TrainingStopped if going on is of no use
   */
  default Map<String, Double> observe(Step step) {
    return Map.of();
  }
}
