package downstream.eval.train;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * One step of training as the objective sees it.
 *
 * @param index 0 for the first
 * @param steps how many there will be
 * @param manager owns every array made in this step; closed after it
 * @param store resolves DJL parameters: hand it to {@code block.forward(store, …)}
 * @param random seeded from (seed, index), so that a resumed run draws the same; replicas share it
 *     and draw through {@link downstream.eval.parallel.BatchShare#inTurn}
 * @param arrays what {@link Objective#arrays} made of the batch, ahead; empty if nothing
 */
public record Step(
    int index,
    int steps,
    NDManager manager,
    ParameterStore store,
    RandomGenerator random,
    NDList arrays) {
  /** A step for which nothing was made ahead. */
  public Step(
      int index, int steps, NDManager manager, ParameterStore store, RandomGenerator random) {
    this(index, steps, manager, store, random, new NDList());
  }

  /** Returns the arrays that were made ahead, or else those that are made now. */
  public NDList arraysOrElse(Supplier<NDList> now) {
    return arrays.isEmpty() ? now.get() : arrays;
  }
}
