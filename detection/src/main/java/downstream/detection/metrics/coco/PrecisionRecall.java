package downstream.detection.metrics.coco;

import downstream.detection.metrics.ScoreOrder;
import java.util.Arrays;

/**
 * Precision at 101 recall points and the final recall of one category, for one size range and one
 * limit of detections (pycocotools' {@code accumulate}); images may be weighted.
 */
public final class PrecisionRecall {
  public static final int POINTS = 101;
  private static final double EPSILON = Math.ulp(1.0);

  private final ClassMatches matches;
  private final double[] imageWeights;

  // By falling score; ties go to the earlier image, inside an image to the earlier row.
  private final double[] weight;
  private final double[] score;
  private final int[] rank;
  private final int[][] outcome;

  private final double[] recall;
  private final double[] precision;

  /**
   * Sorts the category's detections once.
   *
   * @param imageWeights whole numbers ≥ 0, one per image
   */
  public PrecisionRecall(ClassMatches matches, double[] imageWeights) {
    this.matches = matches;
    this.imageWeights = imageWeights;
    int[] order = new int[matches.size];
    Arrays.setAll(order, i -> i);
    ScoreOrder.sort(order, 0, order.length, matches.score);
    weight = Arrays.stream(order).mapToDouble(row -> imageWeights[matches.image[row]]).toArray();
    score = Arrays.stream(order).mapToDouble(row -> matches.score[row]).toArray();
    rank = Arrays.stream(order).map(row -> matches.rank[row]).toArray();
    outcome = new int[matches.outcome.length][];
    for (int range = 0; range < outcome.length; range++) {
      int[] unsorted = matches.outcome[range];
      outcome[range] = Arrays.stream(order).map(row -> unsorted[row]).toArray();
    }
    recall = new double[matches.size];
    precision = new double[matches.size];
  }

  /** Weighted number of ground truths that count in this range; with 0 nothing can be computed. */
  double positives(int range) {
    double sum = 0;
    for (int i = 0; i < matches.groundTruthImage.length; i++) {
      sum += imageWeights[matches.groundTruthImage[i]] * matches.positives[range][i];
    }
    return sum;
  }

  /**
   * Fills the curve of one threshold.
   *
   * @param points receives {@link #POINTS} precisions at recall 0, .01, … 1
   * @return the final recall
   */
  public double curve(int range, int threshold, int limit, double[] points) {
    double positives = positives(range);
    int steps = walk(range, threshold, limit, positives);
    sample(steps, points);
    return steps == 0 ? 0 : recall[steps - 1];
  }

  /** The final recall alone. */
  double recall(int range, int threshold, int limit) {
    int matched = ClassMatches.matchedBit(threshold);
    int both = matched | ClassMatches.ignoredBit(threshold);
    double hits = 0;
    for (int i = 0; i < weight.length; i++) {
      hits += rank[i] < limit && (outcome[range][i] & both) == matched ? weight[i] : 0;
    }
    return hits / positives(range);
  }

  /**
   * Mean precision over the recall points with the hits of each group of equal scores before its
   * misses, or behind them.
   */
  double tied(int range, int threshold, int limit, TieOrder order) {
    double positives = positives(range);
    int matched = ClassMatches.matchedBit(threshold);
    int ignored = ClassMatches.ignoredBit(threshold);
    double hits = 0;
    double misses = 0;
    int steps = 0;
    for (int i = 0; i < weight.length; ) {
      double groupHits = 0;
      double groupMisses = 0;
      int from = i;
      for (; i < weight.length && score[i] == score[from]; i++) {
        int bits = outcome[range][i];
        if (rank[i] < limit && (bits & ignored) == 0) {
          groupHits += (bits & matched) != 0 ? weight[i] : 0;
          groupMisses += (bits & matched) != 0 ? 0 : weight[i];
        }
      }
      // Precision falls with misses and rises with hits: the ends of both runs are all that counts.
      misses += order == TieOrder.WORSE_FIRST ? groupMisses : 0;
      hits += groupHits;
      recall[steps] = hits / positives;
      precision[steps++] = hits / (misses + hits + EPSILON);
      misses += order == TieOrder.WORSE_FIRST ? 0 : groupMisses;
    }
    double[] points = new double[POINTS];
    sample(steps, points);
    return Arrays.stream(points).sum() / POINTS;
  }

  private int walk(int range, int threshold, int limit, double positives) {
    double hits = 0;
    double misses = 0;
    int steps = 0;
    int matched = ClassMatches.matchedBit(threshold);
    int ignored = ClassMatches.ignoredBit(threshold);
    for (int i = 0; i < weight.length; i++) {
      if (rank[i] >= limit || weight[i] == 0) {
        continue;
      }
      int bits = outcome[range][i];
      if ((bits & ignored) != 0) {
        // A step that moves neither metric cannot change the curve.
        continue;
      }
      hits += (bits & matched) != 0 ? weight[i] : 0;
      misses += (bits & matched) != 0 ? 0 : weight[i];
      recall[steps] = hits / positives;
      precision[steps++] = hits / (misses + hits + EPSILON);
    }
    return steps;
  }

  /** Precision never rises with recall; each point takes the first step that reaches it. */
  private void sample(int steps, double[] points) {
    for (int i = steps - 1; i > 0; i--) {
      precision[i - 1] = Math.max(precision[i - 1], precision[i]);
    }
    int step = 0;
    for (int point = 0; point < POINTS; point++) {
      while (step < steps && recall[step] < point * 0.01) {
        step++;
      }
      points[point] = step < steps ? precision[step] : 0;
    }
  }
}
