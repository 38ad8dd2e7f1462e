package downstream.leaderboard.gate;

import downstream.eval.BadInput;
import downstream.eval.run.Result;
import downstream.leaderboard.ledger.StoredRunFinder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes baselines of runs: of every encoder, task, split and protocol one training over all seeds,
 * and a replay of each run.
 *
 * @param metrics names; empty takes each task's primary one
 * @param tolerance of trainings, instead of the prediction interval
 * @param today ISO-8601
 * @param tiers which to record
 */
public record BaselineRecorder(
    List<String> metrics,
    Optional<Double> tolerance,
    Optional<String> why,
    String today,
    List<Baseline.Tier> tiers) {

  /**
   * @throws BadInput if a run has no such metric, or a training of one seed has no tolerance
   */
  public List<Baseline> of(List<StoredRunFinder.FoundRun> runs) {
    Map<String, List<StoredRunFinder.FoundRun>> rows = new LinkedHashMap<>();
    for (StoredRunFinder.FoundRun run : runs) {
      rows.computeIfAbsent(row(run.result()), key -> new ArrayList<>()).add(run);
    }
    List<Baseline> baselines = new ArrayList<>();
    rows.forEach((row, same) -> metrics(same).forEach(m -> baselines.addAll(of(row, m, same))));
    return baselines;
  }

  private static String row(Result run) {
    return String.join(
        "/",
        run.encoder().name(),
        run.encoder().digest().substring(0, 8),
        run.task().name() + "@" + run.task().version(),
        run.data().name() + "-" + run.task().split(),
        run.protocol().name() + "-" + run.protocol().fingerprint().substring(0, 8));
  }

  private List<String> metrics(List<StoredRunFinder.FoundRun> same) {
    return metrics.isEmpty() ? List.of(same.get(0).result().task().metric()) : metrics;
  }

  private List<Baseline> of(String row, String metric, List<StoredRunFinder.FoundRun> same) {
    List<Baseline> baselines = new ArrayList<>();
    if (tiers.contains(Baseline.Tier.TRAINING)) {
      if (same.size() < 2 && tolerance.isEmpty()) {
        throw new BadInput(
            row,
            "one seed gives no spread for an interval",
            "Run more seeds, give --tolerance, or record --tier replay only");
      }
      baselines.add(baseline(row + "/" + metric, Baseline.Tier.TRAINING, metric, same));
    }
    // What statistics hold besides follows from the predictions, which a metric's replay guards.
    boolean derived = tiers.size() > 1 && !GuardedMetrics.isMetric(same.get(0).result(), metric);
    if (tiers.contains(Baseline.Tier.REPLAY) && !derived) {
      for (StoredRunFinder.FoundRun run : same) {
        requireMetric(row, metric, run.result());
        String id = row + "/" + metric + "/replay-" + run.result().seeds().declared();
        baselines.add(baseline(id, Baseline.Tier.REPLAY, metric, List.of(run)));
      }
    }
    return baselines;
  }

  private static void requireMetric(String row, String metric, Result run) {
    if (!GuardedMetrics.isMetric(run, metric)) {
      throw new BadInput(
          row,
          "'" + metric + "' is not a metric of this run",
          "Choose one of " + run.metrics().keySet());
    }
  }

  private Baseline baseline(
      String id, Baseline.Tier tier, String metric, List<StoredRunFinder.FoundRun> runs) {
    Result run = runs.get(0).result();
    return new Baseline(
        id,
        tier,
        run.encoder().name(),
        run.encoder().digest(),
        run.task().name(),
        run.task().split(),
        run.protocol().fingerprint(),
        run.data().fingerprint(),
        metric,
        GuardedMetrics.higherIsBetter(run, metric),
        runs.stream().map(r -> r.result().seeds().declared()).toList(),
        runs.stream().map(r -> value(id, r, metric)).toList(),
        tier == Baseline.Tier.REPLAY ? Optional.empty() : tolerance,
        today,
        run.env().path("commit").asText("unknown"),
        why);
  }

  private static double value(String id, StoredRunFinder.FoundRun run, String metric) {
    return GuardedMetrics.of(run, metric)
        .orElseThrow(
            () ->
                new BadInput(
                    id,
                    "run " + run.result().id() + " has no finite '" + metric + "'",
                    "Choose one of "
                        + run.result().metrics().keySet()
                        + " or "
                        + GuardedMetrics.diagnostics(run).keySet()));
  }
}
