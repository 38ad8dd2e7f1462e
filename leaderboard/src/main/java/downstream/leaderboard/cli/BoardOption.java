package downstream.leaderboard.cli;

import downstream.eval.BadInput;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --board}, for commands that read or change a leaderboard. */
final class BoardOption {
  @Option(
      names = "--board",
      paramLabel = "DIR",
      description = "Leaderboard folder (default: leaderboard/board).")
  private @Nullable Path folder;

  /** Returns the folder that was given, or the usual one; it may not exist. */
  Path folder() {
    return folder == null ? Path.of("leaderboard/board") : folder;
  }

  /**
   * Returns the folder, which may be missing only if none was given.
   *
   * @throws BadInput if there is no such folder
   */
  Path existingIfGiven() {
    if (folder != null && !Files.isDirectory(folder)) {
      throw new BadInput(folder, "no such folder", "Check the path given with --board");
    }
    return folder();
  }
}
