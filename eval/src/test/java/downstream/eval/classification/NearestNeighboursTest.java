package downstream.eval.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NearestNeighboursTest {
  private static final int CLASSES = 4;
  private static final double TEMPERATURE = 0.1;

  private final Random random = new Random(1);
  private final List<float[]> bank = vectors(60);
  private final int[] labels = random.ints(60, 0, CLASSES).toArray();

  private List<float[]> vectors(int count) {
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] vector = new float[7];
      for (int c = 0; c < vector.length; c++) {
        vector[c] = (float) random.nextGaussian();
      }
      vectors.add(vector);
    }
    return vectors;
  }

  private double[] votes(int k, float[] query) {
    return new NearestNeighbours(bank, labels, CLASSES, k, TEMPERATURE).votes(query);
  }

  /** The definition, written down as it is read: sort all, take k, add up exponentials. */
  private double[] slowVotes(int k, float[] query) {
    List<Integer> order =
        IntStream.range(0, bank.size())
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -cosine(bank.get(i), query)))
            .limit(k)
            .toList();
    double[] votes = new double[CLASSES];
    for (int i : order) {
      votes[labels[i]] += Math.exp(cosine(bank.get(i), query) / TEMPERATURE);
    }
    double sum = votes[0] + votes[1] + votes[2] + votes[3];
    return java.util.Arrays.stream(votes).map(vote -> vote / sum).toArray();
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double squareA = 0;
    double squareB = 0;
    for (int c = 0; c < a.length; c++) {
      dot += a[c] * b[c];
      squareA += a[c] * a[c];
      squareB += b[c] * b[c];
    }
    return dot / Math.sqrt(squareA * squareB);
  }

  @Test
  void votes_as_the_slow_reference() {
    for (int k : new int[] {1, 5, 20, 60}) {
      for (float[] query : vectors(10)) {
        assertThat(votes(k, query)).containsExactly(slowVotes(k, query), within(1e-5));
      }
    }
  }

  @Test
  void votes_are_shares_whatever_the_length_of_the_query() {
    for (float[] query : vectors(10)) {
      float[] longer = query.clone();
      for (int c = 0; c < longer.length; c++) {
        longer[c] *= 8;
      }
      double[] votes = votes(20, query);
      assertThat(java.util.Arrays.stream(votes).sum()).isCloseTo(1, within(1e-12));
      assertThat(votes).containsExactly(votes(20, longer), within(0.0));
    }
  }

  @Test
  void the_order_of_the_bank_does_not_matter() {
    List<Integer> order = new ArrayList<>(IntStream.range(0, 60).boxed().toList());
    Collections.shuffle(order, new Random(2));
    List<float[]> shuffled = order.stream().map(bank::get).toList();
    int[] shuffledLabels = order.stream().mapToInt(i -> labels[i]).toArray();
    NearestNeighbours other =
        new NearestNeighbours(shuffled, shuffledLabels, CLASSES, 20, TEMPERATURE);
    for (float[] query : vectors(10)) {
      assertThat(other.votes(query)).containsExactly(votes(20, query), within(1e-12));
    }
  }

  @Test
  void a_query_without_length_is_as_near_to_all() {
    double[] votes = votes(2, new float[7]);
    double[] expected = new double[CLASSES];
    expected[labels[0]] += 0.5;
    expected[labels[1]] += 0.5;
    assertThat(votes).containsExactly(expected, within(1e-12));
  }
}
