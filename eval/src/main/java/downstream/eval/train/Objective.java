package downstream.eval.train;

import ai.djl.ndarray.NDArray;
import downstream.eval.train.optimiser.Weight;
import java.util.List;
import java.util.Map;

/** Objective of a training: the weights, and the loss of one batch. */
public interface Objective<E> {
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
   * The loss of one batch, recorded by autograd. Host data becomes arrays of {@code
   * step.manager()}.
   */
  Losses losses(List<E> batch, Step step);

  /** Called after the optimiser's update, without gradients: the place for a moving average. */
  default void afterUpdate(Step step) {}

  /**
   * Called last in a step, without gradients: what is worth watching beside the loss, by name, for
   * the step's log line. It must leave weights and state as later steps expect them; random draws
   * are free, since every step seeds the generators anew.
   *
   * @throws TrainingStopped if going on is of no use
   */
  default Map<String, Double> observe(Step step) {
    return Map.of();
  }
}
