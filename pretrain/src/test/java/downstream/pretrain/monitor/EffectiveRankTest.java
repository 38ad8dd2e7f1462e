package downstream.pretrain.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.junit.jupiter.api.Test;

class EffectiveRankTest {
  @Test
  void is_the_number_of_equal_singular_values() {
    float[][] cross = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}};
    assertThat(EffectiveRank.of(cross)).isCloseTo(2, within(1e-9));
    assertThat(EffectiveRank.ofSingularValues(new double[] {5, 5, 5, 0}))
        .isCloseTo(3, within(1e-9));
  }

  /** Singular values 3 : 1, so ¾ and ¼: exp(¾ ln 4/3 + ¼ ln 4) = 1.754765. */
  @Test
  void weighs_unequal_ones_by_their_entropy() {
    float[][] flat = {{3, 0}, {-3, 0}, {0, 1}, {0, -1}};
    assertThat(EffectiveRank.of(flat)).isCloseTo(1.754765, within(1e-6));
  }

  @Test
  void is_1_for_a_line_and_for_a_point() {
    assertThat(EffectiveRank.of(new float[][] {{1, 2}, {2, 4}, {4, 8}})).isCloseTo(1, within(1e-6));
    assertThat(EffectiveRank.of(new float[][] {{7, 7}, {7, 7}, {7, 7}})).isEqualTo(1);
  }

  /** What a network that gives the same for every image leaves: rounding, in all directions. */
  @Test
  void takes_rounding_for_a_point() {
    float[][] rows = gaussian(new Random(1), 50, 20);
    for (float[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        row[i] = 3 + 1e-7f * row[i];
      }
    }
    assertThat(EffectiveRank.of(rows)).isEqualTo(1);
  }

  @Test
  void equals_that_of_a_singular_value_decomposition_of_the_centred_rows() {
    Random random = new Random(2);
    int[][] shapes = {{12, 5}, {5, 12}, {9, 9}, {60, 33}, {2, 4}};
    for (int[] shape : shapes) {
      float[][] rows = gaussian(random, shape[0], shape[1]);
      assertThat(EffectiveRank.of(rows)).isCloseTo(slow(rows), within(1e-6));
    }
  }

  @Test
  void does_not_change_with_scale_origin_or_order() {
    float[][] rows = gaussian(new Random(3), 20, 8);
    double rank = EffectiveRank.of(rows);
    float[][] moved = new float[20][8];
    for (int n = 0; n < 20; n++) {
      for (int i = 0; i < 8; i++) {
        moved[19 - n][i] = 4 * rows[n][i] + 2;
      }
    }
    assertThat(EffectiveRank.of(moved)).isCloseTo(rank, within(1e-5));
    assertThat(rank).isBetween(1.0, 8.0);
  }

  private static double slow(float[][] rows) {
    int width = rows[0].length;
    double[][] centred = new double[rows.length][width];
    for (int i = 0; i < width; i++) {
      double mean = 0;
      for (float[] row : rows) {
        mean += row[i];
      }
      mean /= rows.length;
      for (int n = 0; n < rows.length; n++) {
        centred[n][i] = rows[n][i] - mean;
      }
    }
    double[] values =
        new SingularValueDecomposition(new Array2DRowRealMatrix(centred)).getSingularValues();
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double rank = 1;
    for (double value : values) {
      rank *= value > 0 ? Math.pow(value / sum, -value / sum) : 1;
    }
    return rank;
  }

  static float[][] gaussian(Random random, int count, int width) {
    float[][] rows = new float[count][width];
    for (float[] row : rows) {
      for (int i = 0; i < width; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return rows;
  }
}
