package downstream.eval.run.execute;

import downstream.eval.ResidentMemory;
import downstream.eval.run.Result;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Stopwatch for the start of a run and the seconds of each phase. */
final class Stopwatch {
  private final Instant start;
  private final Map<String, Double> phases = new LinkedHashMap<>();

  Stopwatch(Clock clock) {
    this(clock.instant().truncatedTo(ChronoUnit.SECONDS));
  }

  private Stopwatch(Instant start) {
    this.start = start;
  }

  /** Work that may fail on a file. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws IOException;
  }

  <T> T time(String phase, Work<T> work) throws IOException {
    long began = System.nanoTime();
    try {
      return work.run();
    } finally {
      phases.merge(phase, (System.nanoTime() - began) * 1e-9, Double::sum);
    }
  }

  /** Returns a stopwatch with the same start and phases so far, to go on from. */
  Stopwatch copy() {
    Stopwatch copy = new Stopwatch(start);
    copy.phases.putAll(phases);
    return copy;
  }

  Result.Time read(boolean resumed) {
    OptionalLong peak = ResidentMemory.peak();
    return new Result.Time(
        start.toString(),
        Map.copyOf(phases),
        resumed,
        peak.isPresent() ? Optional.of(peak.getAsLong()) : Optional.empty());
  }
}
