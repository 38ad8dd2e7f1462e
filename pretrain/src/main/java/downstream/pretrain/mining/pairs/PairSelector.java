package downstream.pretrain.mining.pairs;

import downstream.pretrain.settings.MiningSettings.PairSelection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The best pairs of a matrix of similarities between a query's regions (rows) and a neighbour's
 * (columns). Similarities are rounded to six places before they are compared, so that equal regions
 * tie whatever the last bits of a product; ties go to the lower row, then the lower column.
 *
 * @param rule which pairs are kept
 * @param mutual whether both regions of a pair must be the other's best match: there is always such
 *     a pair
 * @param count n; fewer come out if there are not so many
 */
record PairSelector(PairSelection rule, boolean mutual, int count) {
  private static final double PLACES = 1e6;

  private static final Comparator<Pair> BEST_FIRST =
      Comparator.comparingDouble((Pair pair) -> pair.similarity())
          .reversed()
          .thenComparingInt(Pair::own)
          .thenComparingInt(Pair::other);

  /** A similarity as it is compared and written. */
  static float rounded(float similarity) {
    return (float) (Math.rint(similarity * PLACES) / PLACES);
  }

  /**
   * Selects the pairs that are kept.
   *
   * @param matrix rows × columns, row-major
   * @return best first
   */
  List<Pair> select(float[] matrix, int rows, int columns) {
    if (rule == PairSelection.RANDOM) {
      throw new IllegalArgumentException("random pairs are chosen without similarities");
    }
    if (mutual) {
      // One best match a row: what is left is the same by either rule.
      return best(mutual(rowMax(matrix, rows, columns), matrix, rows, columns));
    }
    return rule == PairSelection.ROW_MAX
        ? best(rowMax(matrix, rows, columns))
        : globalTop(matrix, rows, columns);
  }

  private List<Pair> best(List<Pair> candidates) {
    return candidates.stream().sorted(BEST_FIRST).limit(count).toList();
  }

  /** Each row's largest entry. */
  private static List<Pair> rowMax(float[] matrix, int rows, int columns) {
    List<Pair> candidates = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      Pair best = new Pair(row, 0, rounded(matrix[row * columns]));
      for (int column = 1; column < columns; column++) {
        float similarity = rounded(matrix[row * columns + column]);
        if (similarity > best.similarity()) {
          best = new Pair(row, column, similarity);
        }
      }
      candidates.add(best);
    }
    return candidates;
  }

  /** Keeps the candidates that are their column's largest entry, too. */
  private static List<Pair> mutual(List<Pair> candidates, float[] matrix, int rows, int columns) {
    int[] bestRow = new int[columns];
    for (int row = 1; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        float best = rounded(matrix[bestRow[column] * columns + column]);
        if (rounded(matrix[row * columns + column]) > best) {
          bestRow[column] = row;
        }
      }
    }
    return candidates.stream().filter(pair -> bestRow[pair.other()] == pair.own()).toList();
  }

  /** The n largest entries, as in the code of ORL's authors. */
  private List<Pair> globalTop(float[] matrix, int rows, int columns) {
    PriorityQueue<Pair> kept = new PriorityQueue<>(BEST_FIRST.reversed());
    for (int i = 0; i < rows * columns; i++) {
      float similarity = rounded(matrix[i]);
      if (kept.size() < count || similarity > worst(kept)) {
        kept.add(new Pair(i / columns, i % columns, similarity));
        if (kept.size() > count) {
          kept.remove();
        }
      }
    }
    return kept.stream().sorted(BEST_FIRST).toList();
  }

  private static float worst(PriorityQueue<Pair> kept) {
    return kept.element().similarity();
  }
}
