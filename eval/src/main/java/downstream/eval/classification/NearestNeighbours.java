package downstream.eval.classification;

import java.util.Arrays;
import java.util.List;

/**
 * Weighted k-nearest-neighbour vote (Wu et al. 2018, arXiv 1805.01978, section 3.4; Caron et al.
 * 2021, arXiv 2104.14294, appendix F.1): each of the k examples with the largest cosine similarity
 * s votes for its class with weight exp(s / temperature).
 *
 * <p>Plain Java and not the engine: the same features give the same votes on every machine.
 */
final class NearestNeighbours {
  private final int count;
  private final int classes;
  private final int k;
  private final double temperature;

  /** Unit vectors by component: [C][count], so that a query's similarities are sums of rows. */
  private final float[][] components;

  private final int[] labels;

  /**
   * @param bank features of the examples that vote, of one length
   * @param labels theirs, 0 to classes − 1
   * @param k how many vote; all if there are fewer
   */
  NearestNeighbours(List<float[]> bank, int[] labels, int classes, int k, double temperature) {
    if (bank.isEmpty() || labels.length != bank.size()) {
      throw new IllegalArgumentException(bank.size() + " examples, " + labels.length + " labels");
    }
    this.count = bank.size();
    this.classes = classes;
    this.k = Math.min(k, count);
    this.temperature = temperature;
    this.labels = labels.clone();
    this.components = new float[bank.get(0).length][count];
    for (int i = 0; i < count; i++) {
      float[] unit = unit(bank.get(i));
      for (int c = 0; c < unit.length; c++) {
        components[c][i] = unit[c];
      }
    }
  }

  /**
   * The vote on one query.
   *
   * @return each class's share of all votes; equal similarities are ranked by place in the bank
   */
  double[] votes(float[] query) {
    float[] similarity = similarities(unit(query));
    int[] nearest = nearest(similarity);
    double[] votes = new double[classes];
    double total = 0;
    for (int i : nearest) {
      // Relative to the nearest, or the exponential of a low temperature overflows.
      double weight = Math.exp((similarity[i] - similarity[nearest[0]]) / temperature);
      votes[labels[i]] += weight;
      total += weight;
    }
    for (int c = 0; c < classes; c++) {
      votes[c] /= total;
    }
    return votes;
  }

  private float[] similarities(float[] unit) {
    float[] similarity = new float[count];
    for (int c = 0; c < unit.length; c++) {
      float value = unit[c];
      float[] row = components[c];
      for (int i = 0; i < count; i++) {
        similarity[i] += value * row[i];
      }
    }
    return similarity;
  }

  /** Positions of the k largest, the largest first. */
  private int[] nearest(float[] similarity) {
    int[] nearest = new int[k];
    int found = 0;
    for (int i = 0; i < count; i++) {
      if (found == k && !(similarity[i] > similarity[nearest[k - 1]])) {
        continue;
      }
      int at = found < k ? found++ : k - 1;
      while (at > 0 && similarity[i] > similarity[nearest[at - 1]]) {
        nearest[at] = nearest[at - 1];
        at--;
      }
      nearest[at] = i;
    }
    return Arrays.copyOf(nearest, found);
  }

  /** The vector at length 1; of length 0 it stays as it is. */
  private static float[] unit(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    double length = Math.sqrt(squares);
    float[] unit = new float[vector.length];
    for (int c = 0; c < unit.length; c++) {
      unit[c] = length == 0 ? 0 : (float) (vector[c] / length);
    }
    return unit;
  }
}
