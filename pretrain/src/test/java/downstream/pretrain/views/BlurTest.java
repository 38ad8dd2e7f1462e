package downstream.pretrain.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlurTest {
  private static final int SIZE = 9;

  @Test
  void kernel_sums_to_one_and_is_symmetric() {
    float[] kernel = Blur.kernel(3, 1.3);
    float sum = 0;
    for (int i = 0; i < 7; i++) {
      sum += kernel[i];
      assertThat(kernel[i]).isEqualTo(kernel[6 - i]);
    }
    assertThat(sum).isCloseTo(1, within(1e-6f));
  }

  @Test
  void flat_image_stays_flat_up_to_its_border() {
    float[] flat = new float[SIZE * SIZE * 3];
    Arrays.fill(flat, .4f);
    for (float value : Blur.apply(flat, SIZE, 3, 2)) {
      assertThat(value).isCloseTo(.4f, within(1e-6f));
    }
  }

  @Test
  void equals_the_two_dimensional_sum() {
    Random random = new Random(2);
    float[] rgb = new float[SIZE * SIZE * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = random.nextFloat();
    }
    float[] kernel = Blur.kernel(2, 1);
    float[] blurred = Blur.apply(rgb, SIZE, 2, 1);
    for (int y = 0; y < SIZE; y++) {
      for (int x = 0; x < SIZE; x++) {
        double sum = 0;
        for (int dy = -2; dy <= 2; dy++) {
          for (int dx = -2; dx <= 2; dx++) {
            int row = Math.min(SIZE - 1, Math.max(0, y + dy));
            int column = Math.min(SIZE - 1, Math.max(0, x + dx));
            sum += kernel[dy + 2] * kernel[dx + 2] * rgb[(row * SIZE + column) * 3 + 1];
          }
        }
        assertThat(blurred[(y * SIZE + x) * 3 + 1]).isCloseTo((float) sum, within(1e-6f));
      }
    }
  }
}
