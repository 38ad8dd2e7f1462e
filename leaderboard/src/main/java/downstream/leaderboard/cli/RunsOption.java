package downstream.leaderboard.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The option {@code --runs}, for commands that read stored runs. */
public final class RunsOption {
  @Option(
      names = "--runs",
      paramLabel = "DIR",
      description = "Folder with runs; repeatable (default: leaderboard/board/runs).")
  private List<Path> folders = new ArrayList<>();

  /** Returns the folders that were given, or the leaderboard's. */
  public List<Path> folders() {
    return folders.isEmpty() ? List.of(Path.of("leaderboard/board/runs")) : folders;
  }
}
