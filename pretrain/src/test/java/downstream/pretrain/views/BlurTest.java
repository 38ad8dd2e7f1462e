package downstream.pretrain.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    float[] flat = new float[3 * SIZE * SIZE];
    Arrays.fill(flat, .4f);
    Blur.apply(flat, SIZE, 3, 2);
    for (float value : flat) {
      assertThat(value).isCloseTo(.4f, within(1e-6f));
    }
  }

  @Test
  void a_radius_of_nothing_changes_nothing() {
    float[] planes = Drawn.planes(SIZE, 1);
    float[] blurred = planes.clone();
    Blur.apply(blurred, SIZE, 0, 1);
    assertThat(blurred).isEqualTo(planes);
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "6, 2", "1, .1", "12, 4"})
  void equals_the_two_dimensional_sum(int radius, double sigma) {
    float[] planes = Drawn.planes(SIZE, 2);
    float[] blurred = planes.clone();
    Blur.apply(blurred, SIZE, radius, sigma);
    for (int i = 0; i < planes.length; i++) {
      int plane = i / (SIZE * SIZE) * SIZE * SIZE;
      int y = i / SIZE % SIZE;
      int x = i % SIZE;
      assertThat(blurred[i]).isCloseTo(sum(planes, plane, x, y, radius, sigma), within(1e-6f));
    }
  }

  private static float sum(float[] planes, int plane, int x, int y, int radius, double sigma) {
    double sum = 0;
    double weights = 0;
    for (int dy = -radius; dy <= radius; dy++) {
      for (int dx = -radius; dx <= radius; dx++) {
        int row = Math.min(SIZE - 1, Math.max(0, y + dy));
        int column = Math.min(SIZE - 1, Math.max(0, x + dx));
        double weight = Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma));
        sum += weight * planes[plane + row * SIZE + column];
        weights += weight;
      }
    }
    return (float) (sum / weights);
  }

  @Test
  void without_a_radius_the_kernel_reaches_three_deviations() {
    float[] given = Drawn.planes(SIZE, 3);
    float[] found = given.clone();
    Blur.apply(given, SIZE, 5, 1.5);
    Blur.apply(found, SIZE, 1.5);
    assertThat(found).isEqualTo(given);
  }
}
