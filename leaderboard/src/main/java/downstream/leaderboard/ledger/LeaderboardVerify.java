package downstream.leaderboard.ledger;

import downstream.eval.BadInput;
import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Table;
import downstream.eval.cli.Verb;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
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

/** {@code leaderboard verify}: whether the board is still what was measured. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Recomputes every digest of a board and scores its runs again.",
      "Looks at the ledger, its runs and their stored files, scores from the stored predictions, and",
      "names whatever does not match."
    },
    footer = {
      "",
      "Exit codes: 0 everything matches; 1 something does not; 2 bad input; 3 there was nothing to",
      "look at, or a run could not be scored again (its data is not here).",
      "",
      "Examples:",
      "  downstream leaderboard verify --board board",
      "  downstream leaderboard verify --board board --sample 20 --data scenes --record"
    })
public final class LeaderboardVerify implements Verb {
  @Spec private CommandSpec spec;

  @Option(
      names = "--board",
      paramLabel = "DIR",
      description = "The board's folder; default leaderboard/board.")
  private Path board = Path.of("leaderboard/board");

  @Option(
      names = "--sample",
      paramLabel = "K",
      description = "Score only K runs again, drawn at random; 0: none. Default: all.")
  private @Nullable Integer sample;

  @Option(names = "--seed", paramLabel = "N", description = "Draws the sample; default: the clock.")
  private @Nullable Long seed;

  @Mixin private DataOption data;

  @Option(
      names = "--head",
      paramLabel = "DIGEST",
      description = "A digest that an earlier verify printed: its line must still be there.")
  private @Nullable String head;

  @Option(
      names = "--record",
      description = "Write into the ledger which runs gave the same scores again.")
  private boolean record;

  @Option(names = "--format", paramLabel = "FORMAT", description = "table, json, csv or markdown.")
  private OutputFormat format = OutputFormat.TABLE;

  @Override
  public String group() {
    return "leaderboard";
  }

  @Override
  public Integer call() throws IOException {
    Ledger ledger = Ledger.in(board, Clock.systemUTC());
    LedgerText text = ledger.read();
    PrintWriter err = spec.commandLine().getErr();
    List<String> faults = new ArrayList<>(text.faults());
    headFault(text).ifPresent(faults::add);
    faults.forEach(fault -> err.println(Ledger.FILE + ": " + fault));
    if (text.lines().isEmpty()) {
      err.println("there is no ledger in " + board + ", or it is empty");
      err.flush();
      return faults.isEmpty() ? 3 : 1;
    }
    List<LedgerAudit.Finding> findings =
        new LedgerAudit(ledger, data.finder()).of(text, drawn(text, err));
    spec.commandLine().getOut().print(table(findings).as(format));
    spec.commandLine().getOut().flush();
    if (record && faults.isEmpty()) {
      ledger.append(same(findings));
    }
    return verdict(faults, findings, ledger.read().headDigest(), err);
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
  private Set<String> drawn(LedgerText text, PrintWriter err) {
    List<String> ids =
        new ArrayList<>(
            text.standings().values().stream()
                .filter(standing -> standing.retracted().isEmpty())
                .map(Standing::run)
                .toList());
    if (sample == null || sample >= ids.size()) {
      return new HashSet<>(ids);
    }
    if (sample < 0) {
      throw new BadInput("--sample", "expected at least 0, found " + sample, "Change it");
    }
    long drawnWith = seed == null ? System.currentTimeMillis() : seed;
    err.println("scoring " + sample + " of " + ids.size() + " runs again, --seed " + drawnWith);
    Collections.shuffle(ids, new Random(drawnWith));
    return new HashSet<>(ids.subList(0, sample));
  }

  private static List<Entry> same(List<LedgerAudit.Finding> findings) {
    return findings.stream()
        .filter(f -> !f.failed() && f.score() == LedgerAudit.Scored.SAME)
        .map(f -> Entry.verified(f.standing().run()))
        .toList();
  }

  private static Table table(List<LedgerAudit.Finding> findings) {
    Table table = new Table(List.of("line", "run", "files", "scores", "file", "findings"));
    for (LedgerAudit.Finding finding : findings) {
      Standing standing = finding.standing();
      List<String> all = new ArrayList<>(finding.files());
      all.addAll(finding.differences());
      standing.retracted().ifPresent(reason -> all.add("retracted: " + reason));
      table.row(
          standing.line(),
          standing.run().substring(0, Math.min(12, standing.run().length())),
          finding.files().isEmpty() ? "match" : "DIFFER",
          scored(finding.score()),
          standing.file(),
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
      List<String> faults, List<LedgerAudit.Finding> findings, String digest, PrintWriter err) {
    long failed = findings.stream().filter(LedgerAudit.Finding::failed).count();
    long same = count(findings, LedgerAudit.Scored.SAME);
    long open = count(findings, LedgerAudit.Scored.NOT_MEASURED);
    err.println(
        findings.size()
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

  private static long count(List<LedgerAudit.Finding> findings, LedgerAudit.Scored scored) {
    return findings.stream().filter(finding -> finding.score() == scored).count();
  }
}
