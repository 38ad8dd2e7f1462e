package downstream.leaderboard.ledger;

import downstream.eval.BadInput;
import downstream.eval.Digest;
import downstream.eval.data.DataSet;
import downstream.eval.data.ImageSet;
import downstream.eval.run.Result;
import downstream.eval.run.ResultFile;
import downstream.eval.run.execute.DataLeakCheck;
import downstream.eval.run.execute.Rescoring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Compares a ledger with the files it names: the chain of lines, each run's file and stored files
 * by their digests, and scores against those that the stored predictions give now.
 */
public final class LedgerAudit {
  private final Ledger ledger;
  private final DataFinder data;
  private final DataLeakCheck guard = new DataLeakCheck();

  /**
   * @param data that predictions are scored against
   */
  public LedgerAudit(Ledger ledger, DataFinder data) {
    this.ledger = ledger;
    this.data = data;
  }

  /**
   * Result of the audit of one run.
   *
   * @param files what is wrong with its files; empty if nothing is
   * @param score what came of scoring its predictions again
   * @param differences metrics that came out differently, and why nothing was measured
   */
  public record Finding(
      RunStatus status, List<String> files, Scored score, List<String> differences) {
    public Finding {
      files = List.copyOf(files);
      differences = List.copyOf(differences);
    }

    /** Tells whether the run has changed, or does not score what it says. */
    public boolean failed() {
      return status.retracted().isEmpty() && (!files.isEmpty() || score == Scored.DIFFERENT);
    }
  }

  /** Outcome of scoring predictions again. */
  public enum Scored {
    SAME,
    DIFFERENT,
    /** The data or the predictions are not here. */
    NOT_MEASURED,
    /** Nobody asked to score them again. */
    NOT_ASKED
  }

  /**
   * Checks every run of the ledger.
   *
   * @param rescored ids of the runs to score again
   */
  public List<Finding> of(LedgerText text, Set<String> rescored) throws IOException {
    List<Finding> issues = new ArrayList<>();
    for (RunStatus status : text.statuses().values()) {
      issues.add(finding(status, rescored.contains(status.run())));
    }
    return issues;
  }

  private Finding finding(RunStatus status, boolean rescore) throws IOException {
    if (status.file().isEmpty()) {
      List<String> never = List.of("a later line names this run, but no line records its entry");
      return new Finding(status, never, Scored.NOT_ASKED, List.of());
    }
    Path file = ledger.resolve(status.file().get());
    List<String> files = files(status, file);
    if (!rescore || !Files.isRegularFile(file)) {
      return new Finding(status, files, Scored.NOT_ASKED, List.of());
    }
    List<String> differences = new ArrayList<>();
    return new Finding(status, files, rescore(file, differences), differences);
  }

  private static List<String> files(RunStatus status, Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return List.of("missing: " + file);
    }
    List<String> defects = new ArrayList<>();
    if (!status.sha256().equals(Optional.of(Digest.of(file)))) {
      defects.add(file.getFileName() + " was changed after it entered");
    }
    try {
      Result result = ResultFile.read(file);
      if (!result.id().equals(status.run())) {
        defects.add("its id is " + result.id());
      }
      defects.addAll(ResultFile.defects(file, result));
    } catch (BadInput e) {
      defects.add(String.valueOf(e.getMessage()));
    }
    return defects;
  }

  private Scored rescore(Path file, List<String> differences) {
    try {
      Result stored = ResultFile.read(file);
      DataSet set = data.of(stored);
      Rescoring rescoring = Rescoring.of(file, set);
      rescoring.lines().stream()
          .filter(line -> !line.matches())
          .map(LedgerAudit::difference)
          .forEach(differences::add);
      if (!rescoring.perClassMatches()) {
        differences.add("the metrics per class differ");
      }
      leakDifference(stored, set).ifPresent(differences::add);
      return differences.isEmpty() ? Scored.SAME : Scored.DIFFERENT;
    } catch (BadInput e) {
      differences.add(String.valueOf(e.getMessage()));
      return Scored.NOT_MEASURED;
    } catch (IOException | RuntimeException e) {
      // Predictions that were tampered with may be unreadable in any way: that is a finding, too.
      differences.add("the predictions cannot be scored: " + e);
      return Scored.DIFFERENT;
    }
  }

  /** Repeats the leak check where the list of pretraining images is available. */
  private Optional<String> leakDifference(Result stored, DataSet set) throws IOException {
    ImageSet split = Objects.requireNonNull(set.evaluation().get(stored.task().split()));
    return guard
        .again(stored, split)
        .filter(again -> !stored.data().leak().equals(Optional.of(again)))
        .map(again -> "its leak check gives \"" + again + "\", which is not what is stored");
  }

  private static String difference(Rescoring.Line line) {
    return line.metric()
        + " is stored as "
        + shown(line.stored())
        + ", its predictions give "
        + shown(line.rescored());
  }

  private static String shown(Optional<Double> value) {
    return value.map(String::valueOf).orElse("nothing");
  }
}
