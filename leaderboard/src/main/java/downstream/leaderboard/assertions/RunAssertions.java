package downstream.leaderboard.assertions;

import downstream.eval.BadInput;
import downstream.eval.run.Result;
import downstream.eval.run.ResultFile;
import java.nio.file.Path;
import java.util.List;

/** Entry point for assertions on stored runs. */
public final class RunAssertions {
  private RunAssertions() {}

  /** Starts assertions on one run. */
  public static RunsAssert assertThat(Result run) {
    return new RunsAssert(List.of(run));
  }

  /** Starts assertions on runs that differ in their seeds only. */
  public static RunsAssert assertThat(List<Result> runs) {
    return new RunsAssert(runs);
  }

  /**
   * Starts assertions on one stored run, checked against its digests.
   *
   * @param file the run's JSON file
   * @throws BadInput if it is not there
   */
  public static RunsAssert assertThatRun(Path file) {
    Result run = ResultFile.read(file);
    return new RunsAssert(List.of(run)).isUnchangedIn(file);
  }
}
