package downstream.leaderboard.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code --runs}, of verbs that look at stored runs, by default those of the board. */
public final class RunsOption {
  @Option(
      names = "--runs",
      paramLabel = "DIR",
      description = "Folders with runs, may be repeated; default leaderboard/board/runs.")
  private List<Path> folders = new ArrayList<>();

  /** Those that were given, or the board's. */
  public List<Path> folders() {
    return folders.isEmpty() ? List.of(Path.of("leaderboard/board/runs")) : folders;
  }
}
