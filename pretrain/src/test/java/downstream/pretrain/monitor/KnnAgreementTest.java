package downstream.pretrain.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KnnAgreementTest {
  /**
   * Directions at 0°, 10°, 25°, 180° around the mean (the last item balances the others), classes
   * a, a, b, b: the nearest of each is 2, 1, 2, 3.
   */
  @Test
  void counts_neighbours_of_the_same_class() {
    float[][] rows = new float[4][];
    double[] degrees = {0, 10, 25};
    double x = 0;
    double y = 0;
    for (int i = 0; i < 3; i++) {
      double angle = Math.toRadians(degrees[i]);
      rows[i] = new float[] {5 + (float) Math.cos(angle), (float) Math.sin(angle)};
      x -= Math.cos(angle);
      y -= Math.sin(angle);
    }
    rows[3] = new float[] {5 + (float) x, (float) y};
    List<Long> labels = List.of(1L, 1L, 2L, 2L);
    assertThat(KnnAgreement.of(rows, labels, 1)).isEqualTo(3 / 4.0);
    assertThat(KnnAgreement.of(rows, labels, 3)).isEqualTo(1 / 3.0);
  }

  @Test
  void is_1_for_classes_apart_and_chance_for_noise() {
    Random random = new Random(1);
    float[][] rows = EffectiveRankTest.gaussian(random, 300, 6);
    List<Long> labels = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      labels.add((long) (i % 3));
    }
    double chance = KnnAgreement.chance(labels);
    assertThat(chance).isCloseTo(99 / 299.0, within(1e-12));
    assertThat(KnnAgreement.of(rows, labels, 5)).isCloseTo(chance, within(.05));
    for (int i = 0; i < 300; i++) {
      rows[i][i % 3] += 50;
    }
    assertThat(KnnAgreement.of(rows, labels, 5)).isEqualTo(1);
  }

  @Test
  void chance_weighs_classes_by_their_pairs() {
    assertThat(KnnAgreement.chance(List.of(1L, 1L, 1L, 2L))).isCloseTo(.5, within(1e-12));
    assertThat(KnnAgreement.chance(List.of(1L, 2L, 3L))).isZero();
  }

  @Test
  void survives_a_collapse() {
    float[][] rows = {{1, 1}, {1, 1}, {1, 1}, {1, 1}};
    assertThat(KnnAgreement.of(rows, List.of(1L, 2L, 1L, 2L), 2)).isBetween(0.0, 1.0);
  }
}
