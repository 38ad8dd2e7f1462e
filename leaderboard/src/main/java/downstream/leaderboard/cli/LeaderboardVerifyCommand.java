package downstream.leaderboard.cli;

import downstream.eval.BadInput;
import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Subcommand;
import downstream.eval.cli.Table;
import downstream.leaderboard.ledger.Ledger;
import downstream.leaderboard.ledger.LedgerAudit;
import downstream.leaderboard.ledger.LedgerEntry;
import downstream.leaderboard.ledger.LedgerText;
import downstream.leaderboard.ledger.RunStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code leaderboard verify}: checks that the leaderboard is still what was measured. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Recomputes every digest of a leaderboard and scores its runs again.",
      "Checks the ledger, its runs and their stored files, scores the stored predictions, and lists"
          + " every mismatch."
    },
    footer = {
      "",
      "Exit codes: 0 everything matches; 1 a mismatch; 2 bad input; 3 nothing to check, or a run"
          + " could",
      "not be scored again because its data set was not found.",
      "",
      "Examples:",
      "  downstream leaderboard verify --board board",
      "  downstream leaderboard verify --board board --sample 20 --data scenes --record"
    })
public final class LeaderboardVerifyCommand implements Subcommand {
  @Spec private CommandSpec spec;

  @Mixin private BoardOption board;

  @Option(
      names = "--sample",
      paramLabel = "K",
      description = "Number of runs to score again, chosen at random; 0 for none (default: all).")
  private @Nullable Integer sample;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Random seed for the sample (default: the current time).")
  private @Nullable Long seed;

  @Mixin private DataOption data;

  @Option(
      names = "--head",
      paramLabel = "DIGEST",
      description = "Digest printed by an earlier verify; its line must still be in the ledger.")
  private @Nullable String head;

  @Option(
      names = "--record",
      description = "Write to the ledger which runs gave the same scores again.")
  private boolean record;

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
    Ledger ledger = Ledger.in(board.folder(), Clock.systemUTC());
    LedgerText text = ledger.read();
    PrintWriter err = spec.commandLine().getErr();
    List<String> faults = new ArrayList<>(text.faults());
    headFault(text).ifPresent(faults::add);
    faults.forEach(fault -> err.println(Ledger.FILE + ": " + fault));
    if (text.lines().isEmpty()) {
      err.println("no ledger in " + board.folder() + ", or an empty one");
      err.flush();
      return faults.isEmpty() ? 3 : 1;
    }
    List<LedgerAudit.Finding> issues =
        new LedgerAudit(ledger, data.finder()).of(text, sample(text, err));
    spec.commandLine().getOut().print(table(issues).as(format));
    spec.commandLine().getOut().flush();
    if (record && faults.isEmpty()) {
      ledger.append(same(issues));
    }
    return verdict(faults, issues, ledger.read().headDigest(), err);
  }

  private Optional<String> headFault(LedgerText text) {
    boolean there =
        head == null
            || text.headDigest().equals(head)
            || text.lines().stream().anyMatch(line -> line.previous().equals(head));
    return there
        ? Optional.empty()
        : Optional.of("no line has the digest " + head + " given with --head");
  }

  /** Ids of the runs to score again. */
  private Set<String> sample(LedgerText text, PrintWriter err) {
    List<String> ids =
        new ArrayList<>(
            text.statuses().values().stream()
                .filter(status -> status.retracted().isEmpty())
                .map(RunStatus::run)
                .toList());
    if (sample == null || sample >= ids.size()) {
      return new HashSet<>(ids);
    }
    if (sample < 0) {
      throw new BadInput(
          "--sample", "expected at least 0, found " + sample, "Give 0 or a positive number");
    }
    long sampleSeed = seed == null ? System.currentTimeMillis() : seed;
    err.println("scoring " + sample + " of " + ids.size() + " runs again, --seed " + sampleSeed);
    Collections.shuffle(ids, new Random(sampleSeed));
    return new HashSet<>(ids.subList(0, sample));
  }

  private static List<LedgerEntry> same(List<LedgerAudit.Finding> issues) {
    return issues.stream()
        .filter(f -> !f.failed() && f.score() == LedgerAudit.Scored.SAME)
        .map(f -> LedgerEntry.verified(f.status().run()))
        .toList();
  }

  private static Table table(List<LedgerAudit.Finding> issues) {
    Table table = new Table(List.of("line", "run", "files", "scores", "file", "findings"));
    for (LedgerAudit.Finding finding : issues) {
      RunStatus status = finding.status();
      List<String> all = new ArrayList<>(finding.files());
      all.addAll(finding.differences());
      status.retracted().ifPresent(reason -> all.add("retracted: " + reason));
      table.row(
          status.line(),
          status.run().substring(0, Math.min(12, status.run().length())),
          finding.files().isEmpty() ? "match" : "DIFFER",
          scored(finding.score()),
          status.file(),
          String.join("; ", all));
    }
    return table;
  }

  private static String scored(LedgerAudit.Scored scored) {
    return switch (scored) {
      case SAME -> "same";
      case DIFFERENT -> "DIFFERENT";
      case NOT_MEASURED -> "not measured";
      case NOT_ASKED -> "";
    };
  }

  private static int verdict(
      List<String> faults, List<LedgerAudit.Finding> issues, String digest, PrintWriter err) {
    long failed = issues.stream().filter(LedgerAudit.Finding::failed).count();
    long same = count(issues, LedgerAudit.Scored.SAME);
    long open = count(issues, LedgerAudit.Scored.NOT_MEASURED);
    err.println(
        issues.size()
            + " runs: "
            + failed
            + " do not match, "
            + same
            + " score the same again, "
            + open
            + " could not be scored; head "
            + digest);
    err.flush();
    if (failed > 0 || !faults.isEmpty()) {
      return 1;
    }
    return open > 0 ? 3 : 0;
  }

  private static long count(List<LedgerAudit.Finding> issues, LedgerAudit.Scored scored) {
    return issues.stream().filter(finding -> finding.score() == scored).count();
  }
}
