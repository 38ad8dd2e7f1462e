package downstream.eval;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * A value that is computed when it is first asked for, and kept. Thread-safe; the computation runs
 * once.
 */
public final class Lazy<T> implements Supplier<T> {
  private final Supplier<T> computation;
  private Optional<T> value = Optional.empty();

  private Lazy(Supplier<T> computation) {
    this.computation = computation;
  }

  /** A value that {@code computation} gives. */
  public static <T> Lazy<T> of(Supplier<T> computation) {
    return new Lazy<>(computation);
  }

  @Override
  public synchronized T get() {
    if (value.isEmpty()) {
      value = Optional.of(computation.get());
    }
    return value.orElseThrow();
  }
}
