package downstream.pretrain.views;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.data.Image;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ByolViewTest {
  private static final int SIZE = 32;
  private final Image photo = photo();

  @Test
  void same_generator_state_draws_the_same_view() {
    ByolView view = ByolView.first(SIZE, .08);
    assertThat(view.draw(photo, new SplittableRandom(1)))
        .hasSize(3 * SIZE * SIZE)
        .isEqualTo(view.draw(photo, new SplittableRandom(1)))
        .isNotEqualTo(view.draw(photo, new SplittableRandom(2)));
  }

  @Test
  void values_stay_those_of_pixels() {
    ByolView view = ByolView.second(SIZE, .08);
    for (int seed = 0; seed < 100; seed++) {
      float[] planes = view.draw(photo, new SplittableRandom(seed));
      double least = 1;
      double most = 0;
      for (int i = 0; i < planes.length; i++) {
        int channel = i / (SIZE * SIZE);
        double pixel = planes[i] * ImageNet.STD.get(channel) + ImageNet.MEAN.get(channel);
        least = Math.min(least, pixel);
        most = Math.max(most, pixel);
      }
      assertThat(least).isGreaterThan(-1e-5);
      assertThat(most).isBetween(least, 1 + 1e-5);
    }
  }

  @Test
  void first_view_is_always_blurred_and_the_second_seldom() {
    assertThat(roughness(ByolView.first(SIZE, .5)))
        .isLessThan(.8 * roughness(ByolView.second(SIZE, .5)));
  }

  /** Sum of absolute differences of neighbours over many views of a noisy photo. */
  private double roughness(ByolView view) {
    double sum = 0;
    for (int seed = 0; seed < 50; seed++) {
      float[] planes = view.draw(photo, new SplittableRandom(seed));
      for (int i = 1; i < SIZE * SIZE; i++) {
        sum += Math.abs(planes[i] - planes[i - 1]);
      }
    }
    return sum;
  }

  private static Image photo() {
    byte[] rgb = new byte[48 * 40 * 3];
    new Random(3).nextBytes(rgb);
    return Image.of(48, 40, rgb);
  }
}
