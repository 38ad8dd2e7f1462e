package downstream.leaderboard.gate;

import downstream.eval.BadInput;
import downstream.eval.run.Result;
import downstream.eval.task.Task;
import downstream.eval.task.Tasks;
import downstream.leaderboard.ledger.StoredRunFinder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Metrics of a run that can be guarded: its metrics, and what its stored statistics hold besides.
 */
final class GuardedMetrics {
  private GuardedMetrics() {}

  /** The value of this name; empty if there is none, or it is not finite. */
  static Optional<Double> of(StoredRunFinder.FoundRun run, String name) {
    Optional<Double> value =
        isMetric(run.result(), name)
            ? run.result().metrics().getOrDefault(name, Optional.empty())
            : Optional.ofNullable(diagnostics(run).get(name));
    return value.filter(Double::isFinite);
  }

  static boolean isMetric(Result run, String name) {
    return run.metrics().containsKey(name);
  }

  /** Tells whether a higher value is better; for diagnostics less is. */
  static boolean higherIsBetter(Result run, String name) {
    return isMetric(run, name) && run.task().higherIsBetter().getOrDefault(name, true);
  }

  /** Diagnostics by name; empty where the task is not installed or nothing is stored. */
  static Map<String, Double> diagnostics(StoredRunFinder.FoundRun run) {
    Task task = Tasks.installed().get(run.result().task().name());
    Optional<Path> statistics = run.statistics();
    if (task == null || statistics.isEmpty()) {
      return Map.of();
    }
    try {
      return task.diagnostics(statistics.get());
    } catch (IOException e) {
      throw new BadInput(statistics.get(), "cannot be read (" + e + ")", "Run `eval` again", e);
    }
  }
}
