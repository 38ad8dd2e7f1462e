package downstream.eval.train;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;

/**
 * Batch of a step.
 *
 * @param parts of the replicas
 */
record Batch<E>(List<Part<E>> parts) implements AutoCloseable {
  /**
   * Examples of one replica.
   *
   * @param arrays what {@link Objective#arrays} made of the examples
   * @param manager owns the arrays, on the device of the replica
   */
  record Part<E>(List<E> examples, NDList arrays, NDManager manager) {}

  /** Returns the number of examples of each replica. */
  int[] sizes() {
    return parts.stream().mapToInt(part -> part.examples().size()).toArray();
  }

  @Override
  public void close() {
    parts.forEach(part -> part.manager().close());
  }
}
