package downstream.leaderboard.assertions;

import downstream.eval.run.Result;
import downstream.eval.run.ResultFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractAssert;

/** Assertions on runs that differ in nothing but their seeds. */
public final class RunsAssert extends AbstractAssert<RunsAssert, List<Result>> {
  RunsAssert(List<Result> runs) {
    super(List.copyOf(runs), RunsAssert.class);
  }

  /** Asserts that there is at least one run, and that each was scored on whole splits. */
  public RunsAssert areComplete() {
    if (actual.isEmpty()) {
      failWithMessage("Expected runs, found none: a guard must see something");
    }
    for (Result run : actual) {
      if (run.status() != Result.Status.OK) {
        failWithMessage(
            "Expected run %s to be ok, but it is not: %s", run.id(), run.reason().orElse(""));
      }
      if (run.limited().isPresent()) {
        failWithMessage("Expected run %s on all images, but it is a trial", run.id());
      }
    }
    return this;
  }

  /** The run's file and its stored files are what they were when it was written. */
  RunsAssert isUnchangedIn(Path file) {
    List<String> defects = ResultFile.defects(file, actual.get(0));
    if (!defects.isEmpty()) {
      failWithMessage("Expected %s to be as it was written, but %s", file, defects);
    }
    return this;
  }

  /**
   * Selects the values of one metric, one a run, for further assertions. Fails where a run does not
   * have it.
   */
  public MetricAssert metric(String name) {
    areComplete();
    for (Result run : actual) {
      if (value(run, name).isEmpty()) {
        failWithMessage(
            "Expected run %s to have a finite %s, but its metrics are %s",
            run.id(), name, run.metrics());
      }
    }
    return new MetricAssert(
        name, actual, actual.stream().flatMap(run -> value(run, name).stream()).toList());
  }

  private static Optional<Double> value(Result run, String name) {
    return run.metrics().getOrDefault(name, Optional.empty()).filter(Double::isFinite);
  }
}
