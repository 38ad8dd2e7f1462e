package downstream.eval.train;

import java.io.IOException;
import java.util.random.RandomGenerator;

/**
 * The examples of a training run, decoded and augmented on loader threads: implementations are
 * thread-safe.
 */
public interface Examples<E> {
  /** Returns the number of examples: one epoch. */
  int size();

  /**
   * Loads one example as host data (no native arrays).
   *
   * @param index 0 to {@link #size} - 1
   * @param random seeded from (seed, epoch, index): the same whatever the thread or the step it is
   *     resumed at
   */
  E load(int index, RandomGenerator random) throws IOException;
}
