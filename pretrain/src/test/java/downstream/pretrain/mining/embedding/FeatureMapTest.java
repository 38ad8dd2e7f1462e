package downstream.pretrain.mining.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import downstream.pretrain.views.Region;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FeatureMapTest {
  /** Two channels over 4 × 4 cells of 10 pixels: the x and the y of the cell's centre. */
  private static FeatureMap ramp() {
    float[] cells = new float[32];
    for (int i = 0; i < 16; i++) {
      cells[2 * i] = i % 4 * 10 + 5;
      int row = i / 4;
      cells[2 * i + 1] = row * 10 + 5;
    }
    return FeatureMap.of(4, 2, cells);
  }

  @Test
  void align_of_a_linear_map_is_its_value_at_the_regions_centre() {
    float[] inside = ramp().align(new Region(8, 13, 21, 9), 40, 40);
    assertThat(inside).containsExactly(new float[] {18.5f, 17.5f}, within(1e-4f));
  }

  @Test
  void align_follows_the_images_own_proportions() {
    // The image is twice as wide as the map's pixels.
    float[] inside = ramp().align(new Region(16, 13, 42, 9), 80, 40);
    assertThat(inside).containsExactly(new float[] {18.5f, 17.5f}, within(1e-4f));
  }

  @Test
  void map_goes_on_unchanged_beyond_the_outermost_centres() {
    assertThat(ramp().align(new Region(0, 36, 3, 4), 40, 40))
        .containsExactly(new float[] {5, 35}, within(1e-4f));
  }

  @Test
  void align_equals_the_mean_of_bilinear_samples() {
    Random random = new Random(2);
    float[] cells = new float[25];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = random.nextFloat();
    }
    Region region = new Region(3, 10, 17, 22);
    double sum = 0;
    for (int i = 0; i < 14; i++) {
      for (int j = 0; j < 14; j++) {
        sum += at(cells, 3 + 17 * (i + .5) / 14, 10 + 22 * (j + .5) / 14);
      }
    }
    assertThat(FeatureMap.of(5, 1, cells).align(region, 35, 35)[0])
        .isCloseTo((float) (sum / 196), within(1e-6f));
  }

  /** Bilinear, of 5 × 5 cells of 7 pixels. */
  private static double at(float[] cells, double x, double y) {
    double column = Math.min(4, Math.max(0, x / 7 - .5));
    double row = Math.min(4, Math.max(0, y / 7 - .5));
    double sum = 0;
    for (int cell = 0; cell < 25; cell++) {
      double across = Math.max(0, 1 - Math.abs(column - cell % 5));
      int line = cell / 5;
      double down = Math.max(0, 1 - Math.abs(row - line));
      sum += across * down * cells[cell];
    }
    return sum;
  }

  @Test
  void mean_is_over_all_cells() {
    assertThat(ramp().mean()).containsExactly(new float[] {20, 20}, within(1e-4f));
  }

  @Test
  void a_map_of_one_cell_is_that_cell_everywhere() {
    assertThat(FeatureMap.of(1, 1, new float[] {3}).align(new Region(0, 0, 2, 9), 10, 10))
        .containsExactly(new float[] {3}, within(1e-6f));
  }
}
