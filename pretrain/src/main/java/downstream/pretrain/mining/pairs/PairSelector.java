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
 */
final class PairSelector {
  private static final double PLACES = 1e6;

  private static final Comparator<Pair> BEST_FIRST =
      Comparator.comparingDouble((Pair pair) -> pair.similarity())
          .reversed()
          .thenComparingInt(Pair::own)
          .thenComparingInt(Pair::other);

  private PairSelector() {}

  /** A similarity as it is compared and written. */
  static float rounded(float similarity) {
    return (float) (Math.rint(similarity * PLACES) / PLACES);
  }

  /**
   * Selects the pairs that are kept.
   *
   * @param matrix rows × columns, row-major
   * @param count n; fewer come out if there are not so many
   * @return best first
   */
  static List<Pair> select(float[] matrix, int rows, int columns, int count, PairSelection rule) {
    return switch (rule) {
      case ROW_MAX -> rowMax(matrix, rows, columns, count);
      case GLOBAL_TOP -> globalTop(matrix, rows, columns, count);
      case RANDOM ->
          throw new IllegalArgumentException("random pairs are chosen without similarities");
    };
  }

  /** Selects the n largest of each row's largest entry. the n largest candidates. */
  private static List<Pair> rowMax(float[] matrix, int rows, int columns, int count) {
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
    return candidates.stream().sorted(BEST_FIRST).limit(count).toList();
  }

  /** The n largest entries, as in the code of ORL's authors. */
  private static List<Pair> globalTop(float[] matrix, int rows, int columns, int count) {
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
