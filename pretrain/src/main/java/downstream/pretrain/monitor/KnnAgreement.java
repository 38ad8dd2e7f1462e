package downstream.pretrain.monitor;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * k-NN agreement: the share of an item's k nearest neighbours (cosine of centred embeddings, never
 * itself) that have its label, averaged over the items.
 */
final class KnnAgreement {
  private KnnAgreement() {}

  /**
   * @param rows embeddings [N][d]
   * @param labels of the N items
   * @param k less than N
   * @return 0 to 1
   */
  static double of(float[][] rows, List<Long> labels, int k) {
    double[][] unit = FeatureRows.centred(rows);
    for (double[] row : unit) {
      double length = Math.sqrt(FeatureRows.dot(row, row));
      for (int i = 0; i < row.length; i++) {
        row[i] = length > 0 ? row[i] / length : 0;
      }
    }
    double[][] cosines = FeatureRows.products(unit);
    double sum = 0;
    for (int query = 0; query < rows.length; query++) {
      sum += agreeing(query, cosines[query], labels, k);
    }
    return sum / rows.length / k;
  }

  /** Neighbours with the same label; ties go to the earlier item. */
  private static long agreeing(int query, double[] cosines, List<Long> labels, int k) {
    return IntStream.range(0, cosines.length)
        .filter(other -> other != query)
        .boxed()
        .sorted(Comparator.comparingDouble(other -> -cosines[other]))
        .limit(k)
        .filter(other -> labels.get(other).equals(labels.get(query)))
        .count();
  }

  /** Chance level, what random neighbours would give: Σ n(n − 1) / N(N − 1) over the classes. */
  static double chance(List<Long> labels) {
    double pairs = 0;
    for (Long label : labels) {
      pairs += labels.stream().filter(label::equals).count() - 1;
    }
    return pairs / ((double) labels.size() * (labels.size() - 1));
  }
}
