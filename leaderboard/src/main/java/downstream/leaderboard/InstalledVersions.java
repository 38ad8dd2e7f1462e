package downstream.leaderboard;

import downstream.eval.run.Result;
import downstream.eval.task.SelfTest;
import downstream.eval.task.Task;
import downstream.eval.task.Tasks;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The versions of tasks and evaluators that are installed; each evaluator is asked once. */
final class InstalledVersions {
  private final Map<String, Task> tasks;

  /** Sections ask side by side. */
  private final Map<String, Optional<String>> evaluators = new ConcurrentHashMap<>();

  InstalledVersions() {
    this(Tasks.installed());
  }

  InstalledVersions(Map<String, Task> tasks) {
    this.tasks = tasks;
  }

  /**
   * Returns the reason why a run is of another version than would be measured now; empty if it is
   * not.
   */
  Optional<String> stale(Result run) {
    Task task = tasks.get(run.task().name());
    if (task == null) {
      return Optional.empty();
    }
    return difference("task version", run.task().version(), Optional.of(task.version()))
        .or(
            () ->
                run.evaluator()
                    .flatMap(then -> difference("evaluator", then.version(), evaluator(task))));
  }

  private Optional<String> evaluator(Task task) {
    return evaluators.computeIfAbsent(task.name(), name -> task.selfTest().map(SelfTest::version));
  }

  private static Optional<String> difference(String what, String then, Optional<String> now) {
    return now.filter(version -> !version.equals(then))
        .map(version -> "stale: " + what + " " + then + ", now " + version);
  }
}
