package downstream.leaderboard;

import downstream.eval.AtomicFile;
import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Verb;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code leaderboard build}: ranks stored runs. */
@Command(
    name = "build",
    mixinStandardHelpOptions = true,
    description = {
      "Ranks stored runs, each task, data set and protocol by itself, and writes leaderboard.csv",
      "and leaderboard.md. Says what it left out, and why."
    },
    footer = {
      "",
      "Exit codes: 0 ok; 2 bad input; 3 there was nothing to rank.",
      "",
      "Examples:",
      "  downstream leaderboard build runs --out board",
      "  downstream leaderboard build runs more-runs --out board --format csv"
    })
public final class LeaderboardBuild implements Verb {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "RUNS_DIR",
      description = "Folders with runs; default leaderboard/board/runs.")
  private List<Path> folders = List.of(Path.of("leaderboard/board/runs"));

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the two files go; default leaderboard/board.")
  private Path out = Path.of("leaderboard/board");

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "What is printed: table, json, csv or markdown.")
  private OutputFormat format = OutputFormat.TABLE;

  @Override
  public String group() {
    return "leaderboard";
  }

  @Override
  public Integer call() throws IOException {
    RunScan scan = RunScan.of(folders);
    Board board = Board.of(scan);
    PrintWriter err = spec.commandLine().getErr();
    scan.leftOut().forEach(left -> err.println("left out " + left.file() + ": " + left.reason()));
    if (board.isEmpty()) {
      err.println("there is nothing to rank in " + folders);
      err.flush();
      return 3;
    }
    write(board, "leaderboard.csv", OutputFormat.CSV);
    write(board, "leaderboard.md", OutputFormat.MARKDOWN);
    err.println(
        scan.runs().size() + " runs ranked, " + scan.leftOut().size() + " left out; see " + out);
    err.flush();
    spec.commandLine().getOut().print(board.as(format));
    spec.commandLine().getOut().flush();
    return 0;
  }

  private void write(Board board, String name, OutputFormat as) {
    AtomicFile.write(out.resolve(name), board.as(as).getBytes(StandardCharsets.UTF_8));
  }
}
