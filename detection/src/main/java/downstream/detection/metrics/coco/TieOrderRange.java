package downstream.detection.metrics.coco;

import downstream.detection.metrics.DetectionResults;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.GroundTruth;
import downstream.eval.task.Score;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Range of AP over the possible orders of equal scores: the worse match first inside each group,
 * and the better match first. Inside an image that order also decides who takes which ground truth,
 * so both ends are matched again ({@link TieSearch}).
 */
public record TieOrderRange(Map<String, Range> metrics) {
  public TieOrderRange {
    metrics = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }

  /** The two ends of one metric. */
  public record Range(double low, double high) {}

  /**
   * Finds the band of AP, AP50 and AP75; empty where AP cannot be computed. The order of the file
   * is one of those that are compared.
   */
  public static TieOrderRange of(
      GroundTruth groundTruth,
      DetectionResults results,
      EvaluatorSettings settings,
      MatchTable table,
      Score file) {
    List<ClassMatches> worse =
        rearranged(groundTruth, results, settings, table, TieOrder.WORSE_FIRST);
    List<ClassMatches> better =
        rearranged(groundTruth, results, settings, table, TieOrder.BETTER_FIRST);
    double[] once = new double[table.images()];
    Arrays.fill(once, 1);
    List<double[][]> byClass =
        IntStream.range(0, worse.size())
            .parallel()
            .mapToObj(c -> ends(worse.get(c), better.get(c), once, settings.lastMaxDets()))
            .filter(ends -> ends.length > 0)
            .toList();
    Map<String, Range> metrics = new LinkedHashMap<>();
    if (!byClass.isEmpty()) {
      int all = ClassMatches.THRESHOLDS.length;
      metrics.put("AP", range(byClass, 0, all, file, "AP"));
      metrics.put("AP50", range(byClass, CocoMetrics.AT_50, CocoMetrics.AT_50 + 1, file, "AP50"));
      metrics.put("AP75", range(byClass, CocoMetrics.AT_75, CocoMetrics.AT_75 + 1, file, "AP75"));
    }
    return new TieOrderRange(metrics);
  }

  private static List<ClassMatches> rearranged(
      GroundTruth groundTruth,
      DetectionResults results,
      EvaluatorSettings settings,
      MatchTable table,
      TieOrder order) {
    return CocoEvaluator.rearranged(groundTruth, results, settings, table.classes(), order);
  }

  /** Precision by threshold at the lower and at the upper end; empty without ground truth. */
  private static double[][] ends(
      ClassMatches worse, ClassMatches better, double[] once, int limit) {
    PrecisionRecall low = new PrecisionRecall(worse, once);
    if (low.positives(0) == 0) {
      return new double[0][];
    }
    PrecisionRecall high = worse == better ? low : new PrecisionRecall(better, once);
    return new double[][] {
      precision(low, limit, TieOrder.WORSE_FIRST), precision(high, limit, TieOrder.BETTER_FIRST)
    };
  }

  private static double[] precision(PrecisionRecall curves, int limit, TieOrder order) {
    return IntStream.range(0, ClassMatches.THRESHOLDS.length)
        .mapToDouble(t -> curves.tied(0, t, limit, order))
        .toArray();
  }

  /** Both ends and the file's own metric, whose order is one of those compared. */
  private static Range range(List<double[][]> byClass, int from, int to, Score file, String name) {
    double low = mean(byClass, 0, from, to);
    double high = mean(byClass, 1, from, to);
    double own = file.metrics().getOrDefault(name, Optional.empty()).orElse(low);
    return new Range(Math.min(own, Math.min(low, high)), Math.max(own, Math.max(low, high)));
  }

  private static double mean(List<double[][]> byClass, int end, int from, int to) {
    return byClass.stream()
        .mapToDouble(values -> Arrays.stream(values[end], from, to).sum() / (to - from))
        .average()
        .orElseThrow();
  }
}
