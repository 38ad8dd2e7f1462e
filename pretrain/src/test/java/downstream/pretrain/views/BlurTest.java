package downstream.pretrain.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlurTest {
  private static final int SIZE = 9;

  @Test
  void kernel_is_a_gaussian_that_sums_to_one() {
    float[] half = Blur.kernel(3, 1.3);
    assertThat(half[0] + 2 * (half[1] + half[2] + half[3])).isCloseTo(1, within(1e-6f));
    assertThat(half[2] / half[0]).isCloseTo((float) Math.exp(-2 / 1.69), within(1e-6f));
  }

  @Test
  void flat_image_stays_flat_up_to_its_border() {
    float[] flat = new float[SIZE * SIZE];
    Arrays.fill(flat, .4f);
    Blur.gaussian(new float[][] {flat}, SIZE, 3, 2);
    for (float value : flat) {
      assertThat(value).isCloseTo(.4f, within(1e-6f));
    }
  }

  @Test
  void a_radius_of_nothing_changes_nothing() {
    float[][] planes = Drawn.planes(SIZE, 1);
    float[][] blurred = Drawn.copy(planes);
    Blur.gaussian(blurred, SIZE, 0, 1);
    assertThat(blurred).isDeepEqualTo(planes);
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "6, 2", "1, .1", "12, 4"})
  void equals_the_two_dimensional_sum(int radius, double sigma) {
    float[][] planes = Drawn.planes(SIZE, 2);
    float[][] blurred = Drawn.copy(planes);
    Blur.gaussian(blurred, SIZE, radius, sigma);
    for (int channel = 0; channel < 3; channel++) {
      for (int i = 0; i < SIZE * SIZE; i++) {
        float expected = sum(planes[channel], i % SIZE, i / SIZE, radius, sigma);
        assertThat(blurred[channel][i]).isCloseTo(expected, within(1e-6f));
      }
    }
  }

  private static float sum(float[] plane, int x, int y, int radius, double sigma) {
    double sum = 0;
    double weights = 0;
    for (int dy = -radius; dy <= radius; dy++) {
      for (int dx = -radius; dx <= radius; dx++) {
        int row = Math.min(SIZE - 1, Math.max(0, y + dy));
        int column = Math.min(SIZE - 1, Math.max(0, x + dx));
        double weight = Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma));
        sum += weight * plane[row * SIZE + column];
        weights += weight;
      }
    }
    return (float) (sum / weights);
  }

  @ParameterizedTest
  @ValueSource(doubles = {.1, .5, 1, 1.7, 2, 5})
  void three_boxes_have_the_variance_of_the_gaussian(double sigma) {
    float[] box = Blur.box(sigma * sigma / 3);
    double sum = box[0];
    double variance = 0;
    for (int i = 1; i < box.length; i++) {
      sum += 2 * box[i];
      variance += 2 * i * i * box[i];
    }
    assertThat(sum).isCloseTo(1, within(1e-6));
    assertThat(3 * variance).isCloseTo(sigma * sigma, within(1e-5));
  }

  @Test
  void three_boxes_equal_three_sums_along_rows_and_three_down_columns() {
    float[][] planes = Drawn.planes(SIZE, 4);
    float[][] blurred = Drawn.copy(planes);
    Blur.boxes(blurred, SIZE, 2);
    float[] box = Blur.box(4 / 3.0);
    assertThat(box).hasSize(3);
    for (int channel = 0; channel < 3; channel++) {
      float[] expected = planes[channel];
      for (int pass = 0; pass < 6; pass++) {
        expected = slowly(expected, box, pass < 3);
      }
      assertThat(blurred[channel]).containsExactly(expected, within(1e-6f));
    }
  }

  private static float[] slowly(float[] plane, float[] half, boolean alongRows) {
    float[] sums = new float[plane.length];
    for (int i = 0; i < plane.length; i++) {
      int start = alongRows ? i / SIZE * SIZE : i % SIZE;
      int step = alongRows ? 1 : SIZE;
      int at = alongRows ? i % SIZE : i / SIZE;
      for (int tap = 1 - half.length; tap < half.length; tap++) {
        int from = Math.min(SIZE - 1, Math.max(0, at + tap));
        sums[i] += half[Math.abs(tap)] * plane[start + from * step];
      }
    }
    return sums;
  }
}
