package downstream.detection.metrics.coco;

import java.util.function.IntSupplier;

/**
 * Looks for the order of equal scores inside one image that finds the most ground truth, or the
 * least: all orders of up to four detections, the file's and its reverse of more. Greedy matching
 * makes this more than a sort: a detection that comes first takes the ground truth it covers best,
 * which may be all that the next one covers.
 */
final class TieSearch {
  private static final int MOST_TO_PERMUTE = 4;

  private final int[] rows;
  private final IntSupplier hits;
  private final int sign;
  private int[] best = new int[0];
  private int bestValue;

  private TieSearch(TieOrder order, int[] rows, IntSupplier hits) {
    this.rows = rows;
    this.hits = hits;
    this.sign = order == TieOrder.BETTER_FIRST ? 1 : -1;
  }

  /**
   * Reorders {@code rows[from..to)}, one image's by falling score, to the best order found.
   *
   * @param hits matches the rows as they stand and counts the hits over all thresholds
   */
  static void arrange(
      TieOrder order, int[] rows, int from, int to, double[] score, IntSupplier hits) {
    if (order == TieOrder.FILE) {
      return;
    }
    TieSearch search = new TieSearch(order, rows, hits);
    int start = from;
    for (int i = from + 1; i <= to; i++) {
      if (i == to || score[rows[i]] != score[rows[start]]) {
        if (i - start > 1) {
          search.arrange(start, i);
        }
        start = i;
      }
    }
  }

  private void arrange(int from, int to) {
    best = java.util.Arrays.copyOfRange(rows, from, to);
    bestValue = sign * hits.getAsInt();
    if (to - from <= MOST_TO_PERMUTE) {
      permute(from, from, to);
    } else {
      for (int i = from, j = to - 1; i < j; i++, j--) {
        swap(i, j);
      }
      compare(from);
    }
    System.arraycopy(best, 0, rows, from, best.length);
  }

  private void permute(int fixed, int from, int to) {
    if (fixed == to - 1) {
      compare(from);
    }
    for (int i = fixed; i < to; i++) {
      swap(fixed, i);
      permute(fixed + 1, from, to);
      swap(fixed, i);
    }
  }

  private void compare(int from) {
    int value = sign * hits.getAsInt();
    if (value > bestValue) {
      bestValue = value;
      System.arraycopy(rows, from, best, 0, best.length);
    }
  }

  private void swap(int i, int j) {
    int row = rows[i];
    rows[i] = rows[j];
    rows[j] = row;
  }
}
