package downstream.eval.testing;

import downstream.eval.train.Examples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Examples of another source, as many but with only a few of them loaded, once, held in memory and
 * handed out in turn: what a training costs when data costs nothing.
 */
public final class CachedExamples<E> implements Examples<E> {
  private final int size;
  private final List<E> ready;

  private CachedExamples(int size, List<E> ready) {
    this.size = size;
    this.ready = ready;
  }

  /**
   * Loads the first {@code count} examples, or all there are.
   *
   * @param count at least 1
   */
  public static <E> CachedExamples<E> of(Examples<E> source, int count) throws IOException {
    if (count < 1 || source.size() < 1) {
      throw new IllegalArgumentException(count + " of " + source.size() + " examples");
    }
    List<E> ready = new ArrayList<>();
    for (int index = 0; index < Math.min(count, source.size()); index++) {
      ready.add(source.load(index, new SplittableRandom(index)));
    }
    return new CachedExamples<>(source.size(), ready);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public E load(int index, RandomGenerator random) {
    return ready.get(index % ready.size());
  }
}
