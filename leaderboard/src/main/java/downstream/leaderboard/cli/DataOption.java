package downstream.leaderboard.cli;

import downstream.leaderboard.ledger.DataFinder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The option {@code --data}, for commands that read the data sets of stored runs. */
public final class DataOption {
  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "Data set that has moved since the run; repeatable.")
  private List<Path> data = new ArrayList<>();

  /**
   * Returns the finder of a run's data set.
   *
   * @throws downstream.eval.BadInput if a data set that was given is none
   */
  public DataFinder finder() {
    return new DataFinder(data);
  }
}
