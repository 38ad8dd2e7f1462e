package downstream.leaderboard.cli;

import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Subcommand;
import downstream.leaderboard.HtmlPage;
import downstream.leaderboard.Leaderboard;
import downstream.leaderboard.LeaderboardCsv;
import downstream.leaderboard.PageImages;
import downstream.leaderboard.PublishedClaims;
import downstream.leaderboard.ledger.Ledger;
import downstream.leaderboard.ledger.LedgerText;
import downstream.leaderboard.ledger.RunStatus;
import downstream.leaderboard.ledger.StoredRunFinder;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
      "Ranks stored runs, separately for each task, data set and protocol.",
      "Writes leaderboard.csv, leaderboard.md and leaderboard.html, enters new runs into the"
          + " ledger,",
      "and lists every run that was left out, with the reason."
    },
    footer = {
      "",
      "Exit codes: 0 written; 1 the ledger was changed by hand or damaged; 2 bad input; 3 no runs"
          + " to rank.",
      "",
      "Examples:",
      "  downstream leaderboard build runs --out board",
      "  downstream leaderboard build runs more-runs --out board --format csv"
    })
public final class LeaderboardBuildCommand implements Subcommand {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "RUNS_DIR",
      description = "Folders with runs (default: leaderboard/board/runs).")
  private List<Path> folders = List.of(Path.of("leaderboard/board/runs"));

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Output folder (default: leaderboard/board).")
  private Path out = Path.of("leaderboard/board");

  @Option(
      names = "--images",
      paramLabel = "MIB",
      description = "Size limit of the images in the HTML page, in MiB (default: 8).")
  private long imageMebibytes = 8;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "Output format: table, json, csv or markdown (default: table).")
  private OutputFormat format = OutputFormat.TABLE;

  @Override
  public String group() {
    return "leaderboard";
  }

  @Override
  public Integer call() throws IOException {
    if (imageMebibytes < 0) {
      throw new BadInput(
          "--images",
          "expected 0 MiB or more, found " + imageMebibytes,
          "Give 0 for a page without images");
    }
    PrintWriter err = spec.commandLine().getErr();
    Ledger ledger = Ledger.in(out, Clock.systemUTC());
    LedgerText text = ledger.read();
    if (!text.faults().isEmpty()) {
      text.faults().forEach(fault -> err.println(Ledger.FILE + ": " + fault));
      err.println("the ledger in " + out + " was changed by hand or damaged: nothing is ranked");
      err.flush();
      return 1;
    }
    Map<String, RunStatus> known = text.statuses();
    StoredRunFinder scan = StoredRunFinder.of(folders, known).without(ledger.runFiles(known));
    Leaderboard board =
        Leaderboard.of(scan, known, PublishedClaims.with(out.resolve(PublishedClaims.FILE)));
    scan.leftOut().forEach(left -> err.println("left out " + left.file() + ": " + left.reason()));
    if (board.isEmpty()) {
      err.println("no runs to rank in " + folders);
      err.flush();
      return 3;
    }
    int entered = ledger.enter(scan.runs(), known);
    write(board, new HtmlPage(board, new PageImages(imageMebibytes << 20), scan.runs(), out));
    err.println(
        scan.runs().size()
            + " runs ranked, "
            + entered
            + " new in the ledger, "
            + scan.leftOut().size()
            + " left out; see "
            + out);
    err.flush();
    spec.commandLine().getOut().print(board.as(format));
    spec.commandLine().getOut().flush();
    return 0;
  }

  /** Writes the three files in parallel: the page takes as long as the other two. */
  private void write(Leaderboard board, HtmlPage page) {
    Stream.<Runnable>of(
            () -> AtomicFile.write(out.resolve("leaderboard.html"), page::write),
            () -> AtomicFile.write(out.resolve("leaderboard.csv"), to -> csv(board, to)),
            () -> AtomicFile.write(out.resolve("leaderboard.md"), markdown(board)))
        .parallel()
        .forEach(Runnable::run);
  }

  private static void csv(Leaderboard board, OutputStream to) throws IOException {
    Writer writer = new BufferedWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8));
    new LeaderboardCsv(board).write(writer);
    writer.flush();
  }

  private static byte[] markdown(Leaderboard board) {
    return board.as(OutputFormat.MARKDOWN).getBytes(StandardCharsets.UTF_8);
  }
}
