package downstream.leaderboard;

import downstream.eval.BadInput;
import downstream.eval.run.Result;
import downstream.leaderboard.ledger.StoredRunFinder;
import downstream.leaderboard.statistics.BootstrapReplicates;
import downstream.leaderboard.statistics.ImageDifference;
import downstream.leaderboard.statistics.ImageWeights;
import downstream.leaderboard.statistics.SeedDifference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * Comparison of two sides by one metric under one question, over seeds and over images.
 *
 * @param paired whether the seeds of both sides were compared in pairs
 * @param seeds empty if a run lacks the metric
 * @param images empty without statistics, or where the metric cannot be computed in a replicate
 */
public record Comparison(
    ComparisonSide a,
    ComparisonSide b,
    String metric,
    boolean paired,
    Optional<SeedDifference> seeds,
    Optional<ImageDifference> images) {

  /**
   * Compares two sides by one metric.
   *
   * @param paired whether the values of equal seeds belong together
   * @param weights of a run's images; the same for runs on the same data
   */
  public static Comparison of(
      ComparisonSide a,
      ComparisonSide b,
      String metric,
      boolean paired,
      BootstrapReplicates replicates,
      Function<Result, ImageWeights> weights)
      throws IOException {
    Optional<SeedDifference> seeds =
        paired
            ? a.bySeed(metric).flatMap(x -> b.bySeed(metric).map(y -> paired(a, b, x, y)))
            : a.values(metric).flatMap(x -> b.values(metric).map(y -> SeedDifference.of(x, y)));
    if (seeds.isEmpty()
        || replicates.count() == 0
        || !evaluationDigest(a).equals(evaluationDigest(b))) {
      return new Comparison(a, b, metric, paired, seeds, Optional.empty());
    }
    ImageWeights drawn = weights.apply(a.runs().get(0).result()); // all runs share their images
    int units = drawn.count();
    if (units < 2) {
      return new Comparison(a, b, metric, paired, seeds, Optional.empty());
    }
    double difference = runMean(a, metric) - runMean(b, metric);
    Optional<List<Double>> left = mean(a, metric, replicates, drawn);
    Optional<List<Double>> right = mean(b, metric, replicates, drawn);
    Optional<ImageDifference> images =
        left.flatMap(x -> right.map(y -> ImageDifference.of(difference, x, y, units)));
    return new Comparison(a, b, metric, paired, seeds, images);
  }

  private static SeedDifference paired(
      ComparisonSide a, ComparisonSide b, SortedMap<Long, Double> x, SortedMap<Long, Double> y) {
    if (!x.keySet().equals(y.keySet())) {
      throw new BadInput(
          "--paired",
          a.name() + " has the seeds " + x.keySet() + ", " + b.name() + " has " + y.keySet(),
          "Run the missing seeds, or leave out --paired");
    }
    return SeedDifference.paired(List.copyOf(x.values()), List.copyOf(y.values()));
  }

  private static double runMean(ComparisonSide side, String metric) {
    return side.runs().stream()
        .flatMap(run -> run.result().metrics().getOrDefault(metric, Optional.empty()).stream())
        .mapToDouble(v -> v)
        .average()
        .orElse(Double.NaN);
  }

  private static String evaluationDigest(ComparisonSide side) {
    return side.runs().get(0).result().data().evaluation().fingerprint();
  }

  /** The mean of its runs in each replicate. */
  private static Optional<List<Double>> mean(
      ComparisonSide side, String metric, BootstrapReplicates replicates, ImageWeights weights)
      throws IOException {
    List<List<Double>> all = new ArrayList<>();
    for (StoredRunFinder.FoundRun run : side.runs()) {
      Optional<List<Double>> one = replicates.of(run.file(), run.result(), weights, metric);
      if (one.isEmpty()) {
        return Optional.empty();
      }
      all.add(one.get());
    }
    List<Double> means = new ArrayList<>();
    for (int i = 0; i < replicates.count(); i++) {
      int replicate = i;
      means.add(all.stream().mapToDouble(run -> run.get(replicate)).average().orElseThrow());
    }
    return Optional.of(means);
  }
}
