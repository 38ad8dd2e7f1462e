package downstream.detection.metrics;

/**
 * Stable sorting of row numbers by falling score: equal scores keep the order they stand in, and
 * -0.0 equals 0.0 (numpy's mergesort of the negated scores).
 */
public final class ScoreOrder {
  private static final int SHORT = 12;

  private ScoreOrder() {}

  /** Sorts {@code rows[from..to)} by {@code score[row]}, highest first. */
  public static void sort(int[] rows, int from, int to, double[] score) {
    sort(rows, from, to, score, new int[to - from]);
  }

  private static void sort(int[] rows, int from, int to, double[] score, int[] spare) {
    if (to - from <= SHORT) {
      insertionSort(rows, from, to, score);
      return;
    }
    int middle = (from + to) >>> 1;
    sort(rows, from, middle, score, spare);
    sort(rows, middle, to, score, spare);
    if (score[rows[middle - 1]] < score[rows[middle]]) {
      merge(rows, from, middle, to, score, spare);
    }
  }

  private static void insertionSort(int[] rows, int from, int to, double[] score) {
    for (int i = from + 1; i < to; i++) {
      int row = rows[i];
      int j = i;
      for (; j > from && score[rows[j - 1]] < score[row]; j--) {
        rows[j] = rows[j - 1];
      }
      rows[j] = row;
    }
  }

  private static void merge(int[] rows, int from, int middle, int to, double[] score, int[] spare) {
    int left = middle - from;
    System.arraycopy(rows, from, spare, 0, left);
    int i = 0;
    int j = middle;
    for (int k = from; i < left; k++) {
      boolean takeRight = j < to && score[rows[j]] > score[spare[i]];
      rows[k] = takeRight ? rows[j++] : spare[i++];
    }
  }
}
