package downstream.pretrain.mining.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WhiteningTest {
  private static final int COUNT = 2000;
  private static final int WIDTH = 4;

  /** Three correlated directions of very different spread about a mean of 5, and a constant. */
  private static float[][] correlated() {
    Random random = new Random(3);
    float[][] rows = new float[COUNT][WIDTH];
    for (float[] row : rows) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      row[0] = (float) (5 + 10 * a);
      row[1] = (float) (5 + 10 * a + b);
      row[2] = (float) (5 - a + .1 * random.nextGaussian());
      row[3] = 5;
    }
    return rows;
  }

  @Test
  void whitened_embeddings_have_mean_0_and_nearly_the_identity_as_covariance() {
    float[][] rows = correlated();
    Whitening whitening = Whitening.fit(COUNT, WIDTH, i -> rows[i], 1e-9);
    double[] mean = new double[WIDTH];
    double[][] covariance = new double[WIDTH][WIDTH];
    for (float[] row : rows) {
      float[] white = whitening.apply(row);
      for (int i = 0; i < WIDTH; i++) {
        mean[i] += white[i] / (double) COUNT;
        for (int j = 0; j < WIDTH; j++) {
          covariance[i][j] += (double) white[i] * white[j] / COUNT;
        }
      }
    }
    assertThat(mean).containsExactly(new double[WIDTH], within(1e-3));
    for (int i = 0; i < WIDTH; i++) {
      for (int j = 0; j < WIDTH; j++) {
        double expected = i == j && i < 3 ? 1 : 0;
        assertThat(covariance[i][j]).as(i + ", " + j).isCloseTo(expected, within(1e-3));
      }
    }
  }

  /** With s = 1 the covariance is a multiple of the identity. */
  @Test
  void full_shrinkage_only_centres() {
    float[][] rows = correlated();
    Whitening whitening = Whitening.fit(COUNT, WIDTH, i -> rows[i], 1);
    double[] sum = new double[WIDTH];
    for (float[] row : rows) {
      for (int i = 0; i < WIDTH; i++) {
        sum[i] += row[i] / (double) COUNT;
      }
    }
    float[] white = whitening.apply(rows[7]);
    double scale = white[0] / (rows[7][0] - sum[0]);
    for (int i = 0; i < WIDTH; i++) {
      assertThat((double) white[i]).isCloseTo(scale * (rows[7][i] - sum[i]), within(1e-5));
    }
  }

  @Test
  void shrinkage_bounds_what_hardly_varies() {
    float[][] rows = correlated();
    float[] other = rows[0].clone();
    other[3] += 1;
    float[] weak = Whitening.fit(COUNT, WIDTH, i -> rows[i], 1e-6).apply(other);
    float[] strong = Whitening.fit(COUNT, WIDTH, i -> rows[i], .1).apply(other);
    assertThat(Math.abs(weak[3])).isGreaterThan(50 * Math.abs(strong[3]));
  }

  @Test
  void equal_embeddings_become_0() {
    float[] row = {1, 2, 3};
    Whitening whitening = Whitening.fit(5, 3, i -> row, .01);
    assertThat(whitening.apply(row)).containsExactly(new float[3], within(1e-6f));
  }

  /** The sample of a large set is every n-th row. */
  @Test
  void large_sets_are_sampled_evenly() {
    int[] read = new int[3 * Whitening.SAMPLE];
    Whitening.fit(
        read.length,
        1,
        i -> {
          read[i]++;
          return new float[] {i % 2};
        },
        .01);
    assertThat(Arrays.stream(read).filter(times -> times > 0).count()).isEqualTo(Whitening.SAMPLE);
    assertThat(read[0]).isEqualTo(2);
    assertThat(read[3]).isEqualTo(2);
  }
}
