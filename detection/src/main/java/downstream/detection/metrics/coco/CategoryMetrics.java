package downstream.detection.metrics.coco;

import java.util.Arrays;
import java.util.List;

/**
 * Average precision and recall of one category, by size range and IoU threshold.
 *
 * <p>A range without ground truth that counts has no metrics: it is left out of every mean.
 */
public final class CategoryMetrics {
  private final double[] positives = new double[ClassMatches.RANGES.length];
  private final double[][] precision = new double[ClassMatches.RANGES.length][];
  private final double[][] recall = new double[ClassMatches.RANGES.length][];

  /** Recall by limit of detections and threshold, for objects of all sizes. */
  private final double[][] recallAtLimit;

  /** Computes all metrics; precision and recall by size go by the last limit. */
  CategoryMetrics(ClassMatches matches, List<Integer> limits, double[] imageWeights) {
    PrecisionRecall curves = new PrecisionRecall(matches, imageWeights);
    int last = limits.size() - 1;
    double[] points = new double[PrecisionRecall.POINTS];
    recallAtLimit = new double[limits.size()][];
    for (int range = 0; range < positives.length; range++) {
      positives[range] = curves.positives(range);
      precision[range] = new double[ClassMatches.THRESHOLDS.length];
      recall[range] = new double[ClassMatches.THRESHOLDS.length];
      for (int t = 0; positives[range] > 0 && t < precision[range].length; t++) {
        recall[range][t] = curves.curve(range, t, limits.get(last), points);
        precision[range][t] = Arrays.stream(points).sum() / points.length;
      }
    }
    recallAtLimit[last] = recall[0];
    for (int i = 0; i < last; i++) {
      recallAtLimit[i] = new double[ClassMatches.THRESHOLDS.length];
      for (int t = 0; positives[0] > 0 && t < recallAtLimit[i].length; t++) {
        recallAtLimit[i][t] = curves.recall(0, t, limits.get(i));
      }
    }
  }

  /** Weighted number of ground truths that count in this range. */
  public double positives(int range) {
    return positives[range];
  }

  /** Mean precision over the recall points and the thresholds {@code [from, to)}. */
  public double precision(int range, int from, int to) {
    return Arrays.stream(precision[range], from, to).sum() / (to - from);
  }

  /** Final recall, mean over the thresholds. */
  public double recall(int range) {
    return mean(recall[range]);
  }

  /** Final recall with at most the i-th limit of detections, mean over the thresholds. */
  double recallAtLimit(int i) {
    return mean(recallAtLimit[i]);
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }
}
