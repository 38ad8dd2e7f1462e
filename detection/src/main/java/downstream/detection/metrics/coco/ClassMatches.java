package downstream.detection.metrics.coco;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Matches of one category's detections, for each size range and threshold: all that its precision
 * and recall need. Rows are ordered by image, then falling score.
 */
public final class ClassMatches {
  /** IoU thresholds .5 to .95 as {@code numpy.linspace} gives them. */
  public static final double[] THRESHOLDS = thresholds();

  /** Lower and upper bound in square pixels of all, small, medium, large: closed at both ends. */
  static final double[][] RANGES = {{0, 1e10}, {0, 1024}, {1024, 9216}, {9216, 1e10}};

  static final int IGNORED_SHIFT = 16;
  static final int MATCHED_BITS = (1 << IGNORED_SHIFT) - 1;

  /** Ignored at every threshold. */
  static final int IGNORED_BITS = ((1 << THRESHOLDS.length) - 1) << IGNORED_SHIFT;

  final int size;
  final int[] image;

  /** Place among the detections of its image and category, 0 for the highest score. */
  final int[] rank;

  final double[] score;

  /** Outcome by range and row: bit t says matched at threshold t, bit 16 + t ignored there. */
  public final int[][] outcome;

  /** Images that hold ground truth of this category, ascending. */
  final int[] groundTruthImage;

  /** Number of ground truths that count, by range and position in {@link #groundTruthImage}. */
  final int[][] positives;

  ClassMatches(
      int[] image,
      int[] rank,
      double[] score,
      int[][] outcome,
      int[] groundTruthImage,
      int[][] positives) {
    this.size = image.length;
    this.image = image;
    this.rank = rank;
    this.score = score;
    this.outcome = outcome;
    this.groundTruthImage = groundTruthImage;
    this.positives = positives;
  }

  /** Pairs of neighbours with equal scores once all rows are sorted: where order may matter. */
  long tiedPairs() {
    double[] sorted = score.clone();
    Arrays.sort(sorted);
    return IntStream.range(1, size).filter(i -> sorted[i] == sorted[i - 1]).count();
  }

  /** Tells whether the order of the file decides between detections of one image. */
  boolean tiesInsideImages() {
    return IntStream.range(1, size)
        .anyMatch(i -> image[i] == image[i - 1] && score[i] == score[i - 1]);
  }

  /** The same of the rows {@code [from, to)} of one image. */
  boolean tiesIn(int from, int to) {
    return IntStream.range(from + 1, to).anyMatch(i -> score[i] == score[i - 1]);
  }

  public static int matchedBit(int threshold) {
    return 1 << threshold;
  }

  static int ignoredBit(int threshold) {
    return 1 << (IGNORED_SHIFT + threshold);
  }

  private static double[] thresholds() {
    double[] values = new double[10];
    double step = (0.95 - 0.5) / 9;
    for (int i = 0; i < 9; i++) {
      values[i] = i * step + 0.5;
    }
    values[9] = 0.95;
    return values;
  }
}
