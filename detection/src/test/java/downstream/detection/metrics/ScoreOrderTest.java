package downstream.detection.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScoreOrderTest {
  @Test
  void sorts_like_a_stable_library_sort() {
    Random random = new Random(5);
    for (int size : new int[] {0, 1, 2, 12, 13, 100, 1000}) {
      double[] score = random.doubles(size).map(v -> Math.floor(v * 20)).toArray();
      int[] rows = IntStream.range(0, size).toArray();
      ScoreOrder.sort(rows, 0, size, score);
      int[] known =
          IntStream.range(0, size)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> -score[i] + 0.0))
              .mapToInt(Integer::intValue)
              .toArray();
      assertThat(rows).isEqualTo(known);
    }
  }

  @Test
  void sorts_only_the_given_part() {
    int[] rows = {0, 1, 2, 3};
    ScoreOrder.sort(rows, 1, 3, new double[] {0, 1, 2, 3});
    assertThat(rows).containsExactly(0, 2, 1, 3);
  }

  @Test
  void negative_zero_equals_zero() {
    int[] rows = {0, 1};
    ScoreOrder.sort(rows, 0, 2, new double[] {-0.0, 0.0});
    assertThat(rows).containsExactly(0, 1);
  }
}
