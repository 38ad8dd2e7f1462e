package downstream.detection.metrics;

import downstream.eval.run.Score;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How far AP may move with nothing but the order of equal scores: the worse match first inside each
 * group, and the better match first. Inside a picture that order also decides who takes which
 * truth, so both ends are matched anew ({@link TieSearch}).
 */
record TieBand(Map<String, Range> figures) {
  TieBand {
    figures = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(figures));
  }

  /** The two ends of one figure. */
  record Range(double low, double high) {}

  /**
   * Finds the band of AP, AP50 and AP75; empty where AP cannot be computed. The order of the file
   * is one of those that are compared.
   */
  static TieBand of(
      GroundTruth truth,
      DetectionResults results,
      EvaluatorSettings settings,
      MatchTable table,
      Score file) {
    Map<String, Double> low = figures(truth, results, settings, table, TieOrder.WORSE_FIRST);
    Map<String, Double> high = figures(truth, results, settings, table, TieOrder.BETTER_FIRST);
    Map<String, Range> figures = new LinkedHashMap<>();
    low.forEach(
        (name, value) -> {
          double other = Objects.requireNonNull(high.get(name));
          double own = file.metrics().getOrDefault(name, Optional.empty()).orElse(value);
          figures.put(
              name,
              new Range(
                  Math.min(own, Math.min(value, other)), Math.max(own, Math.max(value, other))));
        });
    return new TieBand(figures);
  }

  private static Map<String, Double> figures(
      GroundTruth truth,
      DetectionResults results,
      EvaluatorSettings settings,
      MatchTable table,
      TieOrder order) {
    List<ClassMatches> classes =
        CocoEvaluator.rearranged(truth, results, settings, table.classes(), order);
    double[] once = new double[table.images()];
    Arrays.fill(once, 1);
    List<double[]> byClass =
        classes.parallelStream()
            .map(matches -> new PrecisionRecall(matches, once))
            .filter(curves -> curves.positives(0) > 0)
            .map(curves -> precision(curves, settings.lastMaxDets(), order))
            .toList();
    Map<String, Double> figures = new LinkedHashMap<>();
    if (!byClass.isEmpty()) {
      figures.put("AP", mean(byClass, 0, ClassMatches.THRESHOLDS.length));
      figures.put("AP50", mean(byClass, CocoMetrics.AT_50, CocoMetrics.AT_50 + 1));
      figures.put("AP75", mean(byClass, CocoMetrics.AT_75, CocoMetrics.AT_75 + 1));
    }
    return figures;
  }

  private static double[] precision(PrecisionRecall curves, int limit, TieOrder order) {
    return IntStream.range(0, ClassMatches.THRESHOLDS.length)
        .mapToDouble(t -> curves.tied(0, t, limit, order))
        .toArray();
  }

  private static double mean(List<double[]> byClass, int from, int to) {
    return byClass.stream()
        .mapToDouble(values -> Arrays.stream(values, from, to).sum() / (to - from))
        .average()
        .orElseThrow();
  }
}
