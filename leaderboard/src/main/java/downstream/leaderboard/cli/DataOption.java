package downstream.leaderboard.cli;

import downstream.leaderboard.ledger.DataFinder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code --data}, of verbs that read the data sets of stored runs. */
public final class DataOption {
  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "A data set that does not lie where it lay; may be repeated.")
  private List<Path> data = new ArrayList<>();

  /**
   * What finds the data set of a run.
   *
   * @throws downstream.eval.BadInput if a data set that was given is none
   */
  public DataFinder finder() {
    return new DataFinder(data);
  }
}
