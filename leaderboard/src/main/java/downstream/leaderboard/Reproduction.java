package downstream.leaderboard;

import downstream.eval.cli.Table;
import downstream.eval.run.Result;
import downstream.leaderboard.gate.Baselines;
import downstream.leaderboard.ledger.StoredRunFinder;
import downstream.leaderboard.statistics.StudentT;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Comparison of a stored run with its repetition.
 *
 * @param exact every metric and stored prediction is the same
 * @param withinNoise every metric that differs does so by no more than two trainings may, as the
 *     run's other seeds spread
 */
public record Reproduction(
    Table metrics, boolean exact, boolean withinNoise, boolean sameTraining) {
  /**
   * Compares them.
   *
   * @param file of the stored run: those of its other seeds are beside it
   */
  public static Reproduction of(Path file, Result stored, Result again) throws IOException {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    List<Result> others =
        StoredRunFinder.of(List.of(folder)).results().stream()
            .filter(run -> run.encoder().digest().equals(stored.encoder().digest()))
            .filter(run -> run.seeds().declared() != stored.seeds().declared())
            .toList();
    Table table =
        new Table(List.of("metric", "stored", "again", "difference", "allowed", "verdict"));
    boolean noise = true;
    for (String metric : stored.metrics().keySet()) {
      Optional<Double> then = value(stored, metric);
      Optional<Double> now = value(again, metric);
      Optional<Double> difference = then.flatMap(t -> now.map(n -> n - t));
      boolean same = then.equals(now);
      Optional<Double> allowed = same ? Optional.empty() : allowed(others, metric);
      boolean within =
          difference.flatMap(d -> allowed.map(most -> Math.abs(d) <= most)).orElse(false);
      noise &= same || within;
      String different = within ? "within noise" : "DIFFERS";
      table.row(metric, then, now, difference, allowed, same ? "the same" : different);
    }
    boolean sameTraining = stored.seeds().observed().equals(again.seeds().observed());
    return new Reproduction(table, again.hasSameOutcomeAs(stored), noise, sameTraining);
  }

  /** Returns the tolerated difference of two runs, t·s·√2, with the deviation s of others. */
  private static Optional<Double> allowed(List<Result> others, String metric) {
    double[] values =
        others.stream().flatMap(run -> value(run, metric).stream()).mapToDouble(v -> v).toArray();
    if (values.length < 2) {
      return Optional.empty();
    }
    double t = StudentT.within(values.length - 1, Baselines.CONFIDENCE);
    return Optional.of(t * Math.sqrt(2 * StatUtils.variance(values)));
  }

  private static Optional<Double> value(Result run, String metric) {
    return run.metrics().getOrDefault(metric, Optional.empty());
  }

  /** Verdict in one sentence. */
  public String verdict() {
    return exact
        ? "REPRODUCED exactly: every metric and the stored predictions are the same"
        : (withinNoise ? "REPRODUCED within noise" : "NOT REPRODUCED")
            + "; first batches and last weights are "
            + (sameTraining ? "the same" : "others");
  }
}
