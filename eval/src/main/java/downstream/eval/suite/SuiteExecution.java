package downstream.eval.suite;

import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.run.execute.TrainingFolderLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Execution of a suite: every part is a command, run as it would be typed. What is stored is kept,
 * by the digests that the commands store it under; a part that fails leaves the others to go on.
 */
final class SuiteExecution {
  private static final int BAD_INPUT = 2;

  private final Suite suite;
  private final Path out;
  private final Shard shard;
  private final StoredRuns stored;
  private final CommandRunner runner;
  private final SuiteReport report = new SuiteReport();

  /**
   * @param out the suite's folder
   * @param stored what there is in {@code out/runs}
   */
  SuiteExecution(Suite suite, Path out, Shard shard, StoredRuns stored, CommandRunner commands) {
    this.suite = suite;
    this.out = out;
    this.shard = shard;
    this.stored = stored;
    this.runner = commands;
  }

  /** Runs the missing parts of this shard. */
  SuiteReport run() throws IOException, InterruptedException {
    for (PrepareStep preparation : preparations()) {
      prepare(preparation);
    }
    List<SuiteCell> cells = shard.of(suite.cells());
    for (RankedGroup block : suite.sections()) {
      evaluate(block, cells.stream().filter(cell -> cell.section().equals(block)).toList());
      if (shard.isAll() && block.grid().scoresControl()) {
        control(block);
      }
    }
    if (shard.isAll() && suite.board() && !suite.sections().isEmpty()) {
      board();
    }
    if (shard.isAll() && !suite.comparisons().isEmpty() && !suite.sections().isEmpty()) {
      findings();
    }
    return report;
  }

  /**
   * Returns the preparations that this shard's cells need; where nothing is evaluated, its share of
   * the encoders.
   */
  List<PrepareStep> preparations() {
    if (shard.isAll()) {
      return suite.preparations();
    }
    Set<String> names = new HashSet<>();
    if (suite.sections().isEmpty()) {
      names.addAll(shard.of(List.copyOf(suite.encoders().keySet())));
    }
    for (SuiteCell cell : shard.of(suite.cells())) {
      names.addAll(List.of(cell.encoder(), cell.section().data()));
    }
    return suite.neededBy(names);
  }

  private void prepare(PrepareStep preparation) throws IOException, InterruptedException {
    Optional<String> broken = missingNeed(preparation.needs());
    if (broken.isPresent()) {
      report.add(preparation.name(), SuiteReport.State.SKIPPED, broken.get());
      return;
    }
    // Another shard may need it, too: the first makes it, and frees the lock if it dies.
    TrainingFolderLock lock = await(preparation.name());
    try {
      FileTime before = modified(preparation.output());
      int code = runner.run(preparation.command());
      boolean made = code == 0 && !modified(preparation.output()).equals(before);
      for (List<String> check : made ? preparation.checks() : List.<List<String>>of()) {
        code = Math.max(code, runner.run(check));
      }
      SuiteReport.State good = made ? SuiteReport.State.RAN : SuiteReport.State.DONE_BEFORE;
      report.add(preparation.name(), code == 0 ? good : SuiteReport.State.FAILED, exitReason(code));
    } finally {
      lock.close();
    }
  }

  private static String exitReason(int code) {
    return code == 0 ? "" : "its command ended with " + code;
  }

  private TrainingFolderLock await(String name) throws InterruptedException {
    Path folder = out.resolve(SuiteFolder.LOCKS).resolve(name);
    Optional<TrainingFolderLock> lock = TrainingFolderLock.tryTake(folder);
    if (lock.isEmpty()) {
      runner.say("suite: another process is working on " + name + "; waiting");
    }
    while (lock.isEmpty()) {
      Thread.sleep(1000);
      lock = TrainingFolderLock.tryTake(folder);
    }
    return lock.get();
  }

  private static FileTime modified(Path file) throws IOException {
    return Files.exists(file) ? Files.getLastModifiedTime(file) : FileTime.fromMillis(0);
  }

  /** Returns the reason why a needed input is missing. */
  private Optional<String> missingNeed(List<String> needs) {
    return needs.stream()
        .filter(
            need ->
                report.is(need, SuiteReport.State.FAILED)
                    || report.is(need, SuiteReport.State.SKIPPED))
        .findFirst()
        .map(need -> need + " is missing");
  }

  private void evaluate(RankedGroup block, List<SuiteCell> cells) {
    List<SuiteCell> pending = new ArrayList<>();
    for (SuiteCell cell : cells) {
      Optional<String> broken = missingNeed(List.of(block.data(), cell.encoder()));
      if (broken.isPresent()) {
        report.add(cell.title(), SuiteReport.State.SKIPPED, broken.get());
      } else if (stored.missing(cell).isEmpty()) {
        report.add(cell.title(), SuiteReport.State.DONE_BEFORE, "");
      } else {
        pending.add(cell);
      }
    }
    RankedGroup.batches(pending).forEach(batch -> evaluate(block, batch));
    for (SuiteCell cell : pending) {
      Optional<String> why = stored.missing(cell);
      SuiteReport.State state = why.isEmpty() ? SuiteReport.State.RAN : SuiteReport.State.FAILED;
      report.add(cell.title(), state, why.orElse(""));
    }
  }

  /** Evaluates all encoders in one call; where it refuses its input, each encoder by itself. */
  private void evaluate(RankedGroup block, RankedGroup.Batch batch) {
    String control = block.grid().scoresControl() ? "separate" : "none";
    if (eval(block, batch, control) == BAD_INPUT && batch.encoders().size() > 1) {
      batch.eachAlone().forEach(one -> eval(block, one, control));
    }
  }

  private int eval(RankedGroup block, RankedGroup.Batch batch, String control) {
    List<Path> files = batch.encoders().stream().map(suite::encoder).toList();
    return runner.run(block.command(files, batch, out.resolve("runs"), control));
  }

  /** Scores the controls that neither are among the encoders nor were scored before. */
  private void control(RankedGroup block) {
    List<String> there =
        block.encoders().stream()
            .filter(encoder -> missingNeed(List.of(block.data(), encoder)).isEmpty())
            .toList();
    String title = "control " + block.title();
    try {
      if (there.isEmpty() || stored.missingControls(block, there).isEmpty()) {
        return;
      }
      List<Long> seeds = block.grid().seedList();
      int code = eval(block, new RankedGroup.Batch(there, seeds.get(0), seeds.size()), "only");
      boolean scored = stored.missingControls(block, there).isEmpty();
      report.add(
          title, scored ? SuiteReport.State.RAN : SuiteReport.State.FAILED, exitReason(code));
    } catch (BadInput e) {
      report.add(title, SuiteReport.State.FAILED, String.valueOf(e.getMessage()));
    }
  }

  private void board() {
    Path board = out.resolve("board");
    if (!report.isNew() && Files.exists(board.resolve("leaderboard.md"))) {
      return;
    }
    String runs = out.resolve("runs").toString();
    int code = runner.run(List.of("leaderboard", "build", runs, "--out", board.toString()));
    report.add(
        "board", code == 0 ? SuiteReport.State.RAN : SuiteReport.State.FAILED, exitReason(code));
  }

  /** Answers the planned comparisons. */
  private void findings() {
    Path page = out.resolve("findings.md");
    if (!report.isNew() && Files.exists(page)) {
      return;
    }
    AtomicFile.write(Suites.comparisons(out), PlannedComparison.file(suite.comparisons()));
    List<String> command = new ArrayList<>(Suites.findings(out));
    command.addAll(List.of("--page", page.toString()));
    int code = runner.run(command);
    report.add(
        "findings", code == 0 ? SuiteReport.State.RAN : SuiteReport.State.FAILED, exitReason(code));
  }
}
