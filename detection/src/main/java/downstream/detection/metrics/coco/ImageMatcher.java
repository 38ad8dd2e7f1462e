package downstream.detection.metrics.coco;

import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.Overlaps;
import java.util.Arrays;

/**
 * COCO's greedy matching of one category's detections to its ground truth, image by image, for
 * every size range and threshold. Keeps its buffers from image to image; for one thread.
 */
final class ImageMatcher {
  private static final double HIGHEST_START = 1 - 1e-10;

  private final BoxTable groundTruth;
  private final int[] groundTruthRows;
  private final BoxTable detections;
  private final int[] rows;
  private final int[][] outcome;
  private final Overlaps overlaps;

  private double[] overlap = new double[0];
  private boolean[] crowd = new boolean[0];
  private boolean[] ignored = new boolean[0];
  private boolean[] taken = new boolean[0];

  /** Places in the image's ground truth: those that count first, order kept otherwise. */
  private int[] order = new int[0];

  /**
   * A matcher for one category.
   *
   * @param groundTruthRows the category's rows of the ground truth table
   * @param rows its rows of the detection table, inside an image by falling score
   * @param outcome by range and place in {@code rows}: receives {@link ClassMatches#outcome}
   */
  ImageMatcher(
      BoxTable groundTruth,
      int[] groundTruthRows,
      BoxTable detections,
      int[] rows,
      int[][] outcome,
      Overlaps overlaps) {
    this.groundTruth = groundTruth;
    this.groundTruthRows = groundTruthRows;
    this.detections = detections;
    this.rows = rows;
    this.outcome = outcome;
    this.overlaps = overlaps;
  }

  /**
   * Matches the detections {@code [from, to)} to the ground truth {@code [groundTruthFrom,
   * groundTruthTo)} of an image; returns by range how many ground truths count.
   *
   * @param partial not every object is annotated, so that no match proves nothing
   */
  int[] match(int groundTruthFrom, int groundTruthTo, int from, int to, boolean partial) {
    int groundTruths = groundTruthTo - groundTruthFrom;
    if (groundTruths == 0) {
      ignoreOutside(from, to, partial);
      return new int[ClassMatches.RANGES.length];
    }
    measure(groundTruthFrom, groundTruths, from, to);
    int[] positives = new int[ClassMatches.RANGES.length];
    for (int range = 0; range < positives.length; range++) {
      double[] bounds = ClassMatches.RANGES[range];
      positives[range] = arrange(groundTruthFrom, groundTruths, bounds);
      for (int t = 0; t < ClassMatches.THRESHOLDS.length; t++) {
        Arrays.fill(taken, 0, groundTruths, false);
        for (int d = from; d < to; d++) {
          int match = best((d - from) * groundTruths, groundTruths, ClassMatches.THRESHOLDS[t]);
          boolean outside = partial || outside(detections.area[rows[d]], bounds);
          outcome[range][d] |= outcome(match, groundTruthFrom, t, outside);
        }
      }
    }
    return positives;
  }

  /**
   * Handles images without ground truth: a detection is wrong, or of no concern, at every
   * threshold.
   */
  private void ignoreOutside(int from, int to, boolean partial) {
    for (int range = 0; range < outcome.length; range++) {
      for (int d = from; d < to; d++) {
        boolean ignore = partial || outside(detections.area[rows[d]], ClassMatches.RANGES[range]);
        outcome[range][d] = ignore ? ClassMatches.IGNORED_BITS : 0;
      }
    }
  }

  /** Counts the hits among the detections {@code [from, to)} over all thresholds, of any size. */
  int hits(int from, int to) {
    int hits = 0;
    for (int d = from; d < to; d++) {
      int bits = outcome[0][d];
      int ignored = bits >>> ClassMatches.IGNORED_SHIFT;
      hits += Integer.bitCount(bits & ~ignored & ClassMatches.MATCHED_BITS);
    }
    return hits;
  }

  /** Forgets how the detections {@code [from, to)} were matched. */
  void clear(int from, int to) {
    for (int[] range : outcome) {
      Arrays.fill(range, from, to, 0);
    }
  }

  private int outcome(int match, int groundTruthFrom, int t, boolean outside) {
    if (match < 0) {
      return outside ? ClassMatches.ignoredBit(t) : 0;
    }
    taken[match] = true;
    boolean lost = groundTruth.matchIsLost.get(groundTruthRows[groundTruthFrom + match]);
    int matched = lost ? 0 : ClassMatches.matchedBit(t);
    return ignored[match] || (lost && outside) ? matched | ClassMatches.ignoredBit(t) : matched;
  }

  /**
   * The ground truth a detection takes at this threshold, or -1; of equal overlaps the later wins.
   */
  private int best(int overlaps, int groundTruths, double threshold) {
    double least = Math.min(threshold, HIGHEST_START);
    int match = -1;
    for (int i = 0; i < groundTruths; i++) {
      int g = order[i];
      if (taken[g] && !crowd[g]) {
        continue;
      }
      if (match >= 0 && !ignored[match] && ignored[g]) {
        break;
      }
      if (overlap[overlaps + g] >= least) {
        least = overlap[overlaps + g];
        match = g;
      }
    }
    return match;
  }

  private void measure(int groundTruthFrom, int groundTruths, int from, int to) {
    reserve(groundTruths, groundTruths * (to - from));
    for (int g = 0; g < groundTruths; g++) {
      crowd[g] = groundTruth.crowd.get(groundTruthRows[groundTruthFrom + g]);
    }
    int at = 0;
    for (int d = from; d < to; d++) {
      for (int g = 0; g < groundTruths; g++) {
        overlap[at++] = overlaps.of(rows[d], groundTruthRows[groundTruthFrom + g]);
      }
    }
  }

  private void reserve(int groundTruths, int overlaps) {
    if (taken.length < groundTruths) {
      crowd = new boolean[2 * groundTruths];
      ignored = new boolean[2 * groundTruths];
      taken = new boolean[2 * groundTruths];
      order = new int[2 * groundTruths];
    }
    if (overlap.length < overlaps) {
      overlap = new double[2 * overlaps];
    }
  }

  /** Sets what is ignored in this range and the order of the walk; returns how many count. */
  private int arrange(int groundTruthFrom, int groundTruths, double[] bounds) {
    int counted = 0;
    for (int g = 0; g < groundTruths; g++) {
      int row = groundTruthRows[groundTruthFrom + g];
      ignored[g] =
          crowd[g] || groundTruth.ignored.get(row) || outside(groundTruth.area[row], bounds);
      if (!ignored[g]) {
        order[counted++] = g;
      }
    }
    int next = counted;
    for (int g = 0; g < groundTruths; g++) {
      if (ignored[g]) {
        order[next++] = g;
      }
    }
    return counted;
  }

  private static boolean outside(double area, double[] bounds) {
    return area < bounds[0] || area > bounds[1];
  }
}
