package downstream.leaderboard.cli;

import downstream.eval.BadInput;
import downstream.eval.cli.Subcommand;
import downstream.eval.run.ResultFile;
import downstream.leaderboard.ledger.Ledger;
import downstream.leaderboard.ledger.LedgerEntry;
import downstream.leaderboard.ledger.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code leaderboard retract}: withdraws a run and publishes the reason. */
@Command(
    name = "retract",
    mixinStandardHelpOptions = true,
    description = {
      "Withdraws a run with a new line in the ledger that gives the reason.",
      "Deletes nothing. The run is no longer ranked; the leaderboard lists it as left out."
    },
    footer = {
      "",
      "Exit codes: 0 withdrawn; 2 bad input.",
      "",
      "Examples:",
      "  downstream leaderboard retract 822305c18619 --reason 'trained on the evaluation split'",
      "  downstream leaderboard retract runs/mae/…/run-0.json --reason 'wrong normalisation'"
    })
public final class LeaderboardRetractCommand implements Subcommand {
  private static final int MIN_DIGITS = 8;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "RUN",
      description = "Run: its id, 8 or more leading digits of it, or its file.")
  private String run;

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "Reason, shown on the leaderboard.")
  private String reason;

  @Mixin private BoardOption board;

  @Override
  public String group() {
    return "leaderboard";
  }

  @Override
  public Integer call() throws IOException {
    if (reason.isBlank()) {
      throw new BadInput("--reason", "is empty", "Give the reason; the leaderboard shows it");
    }
    Ledger ledger = Ledger.in(board.folder(), Clock.systemUTC());
    Map<String, RunStatus> statuses = ledger.read().statuses();
    if (statuses.isEmpty()) {
      throw new BadInput(
          board.folder(),
          "no ledger in this folder, or an empty one",
          "Give the leaderboard's folder with --board");
    }
    RunStatus status = named(statuses);
    if (status.retracted().isPresent()) {
      throw new BadInput(
          run, "was retracted before: " + status.retracted().get(), "Leave it as it is");
    }
    ledger.append(List.of(LedgerEntry.retracted(status.run(), reason.strip())));
    spec.commandLine().getErr().println("retracted " + status.run());
    spec.commandLine().getErr().flush();
    return 0;
  }

  private RunStatus named(Map<String, RunStatus> statuses) {
    boolean file = Files.isRegularFile(Path.of(run));
    String id = file ? ResultFile.read(Path.of(run)).id() : run;
    List<RunStatus> found =
        statuses.values().stream()
            .filter(s -> id.length() >= MIN_DIGITS && s.run().startsWith(id))
            .toList();
    if (found.size() != 1) {
      throw new BadInput(
          run,
          found.size() + " runs of the ledger have this id",
          "Give a run's file, or at least "
              + MIN_DIGITS
              + " digits of the id that"
              + " leaderboard.csv has in result_ids");
    }
    return found.get(0);
  }
}
