package downstream.eval.train;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;

/**
 * Batch of a step.
 *
 * @param arrays what {@link Objective#arrays} made of the examples
 * @param manager owns the arrays
 */
record Batch<E>(List<E> examples, NDList arrays, NDManager manager) implements AutoCloseable {
  @Override
  public void close() {
    manager.close();
  }
}
