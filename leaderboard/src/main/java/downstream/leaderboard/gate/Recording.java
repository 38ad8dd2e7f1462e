package downstream.leaderboard.gate;

import downstream.eval.BadInput;
import downstream.eval.run.Result;
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
record Recording(
    List<String> metrics,
    Optional<Double> tolerance,
    Optional<String> why,
    String today,
    List<Baseline.Tier> tiers) {

  /**
   * @throws BadInput if a run has no such metric, or a training of one seed has no tolerance
   */
  List<Baseline> of(List<Result> runs) {
    Map<String, List<Result>> rows = new LinkedHashMap<>();
    for (Result run : runs) {
      rows.computeIfAbsent(row(run), key -> new ArrayList<>()).add(run);
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

  private List<String> metrics(List<Result> same) {
    return metrics.isEmpty() ? List.of(same.get(0).task().metric()) : metrics;
  }

  private List<Baseline> of(String row, String metric, List<Result> same) {
    List<Baseline> baselines = new ArrayList<>();
    if (tiers.contains(Baseline.Tier.TRAINING)) {
      if (same.size() < 2 && tolerance.isEmpty()) {
        throw new BadInput(
            row,
            "one seed has no spread to set an interval by",
            "Run more seeds, state --tolerance, or record --tier replay alone");
      }
      baselines.add(baseline(row + "/" + metric, Baseline.Tier.TRAINING, metric, same));
    }
    if (tiers.contains(Baseline.Tier.REPLAY)) {
      for (Result run : same) {
        String id = row + "/" + metric + "/replay-" + run.seeds().declared();
        baselines.add(baseline(id, Baseline.Tier.REPLAY, metric, List.of(run)));
      }
    }
    return baselines;
  }

  private Baseline baseline(String id, Baseline.Tier tier, String metric, List<Result> runs) {
    Result run = runs.get(0);
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
        run.task().higherIsBetter().getOrDefault(metric, true),
        runs.stream().map(r -> r.seeds().declared()).toList(),
        runs.stream().map(r -> value(id, r, metric)).toList(),
        tier == Baseline.Tier.REPLAY ? Optional.empty() : tolerance,
        today,
        run.env().path("commit").asText("unknown"),
        why);
  }

  private static double value(String id, Result run, String metric) {
    return run.metrics()
        .getOrDefault(metric, Optional.empty())
        .filter(Double::isFinite)
        .orElseThrow(
            () ->
                new BadInput(
                    id,
                    "run " + run.id() + " has no finite '" + metric + "'",
                    "Its metrics: " + run.metrics().keySet()));
  }
}
