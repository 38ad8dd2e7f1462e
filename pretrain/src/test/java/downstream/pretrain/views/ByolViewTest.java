package downstream.pretrain.views;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.data.image.Image;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ByolViewTest {
  private static final int SIZE = 32;

  @Test
  void first_view_is_always_blurred_and_the_second_seldom() {
    assertThat(roughness(ByolView.first(SIZE, .5)))
        .isLessThan(.8 * roughness(ByolView.second(SIZE, .5)));
  }

  /** Sum of absolute differences of neighbours over many views of a noisy photo. */
  private static double roughness(ByolView view) {
    Image photo = Drawn.photo(48, 40);
    double sum = 0;
    for (int seed = 0; seed < 50; seed++) {
      float[] planes = view.draw(photo, new SplittableRandom(seed));
      for (int i = 1; i < SIZE * SIZE; i++) {
        sum += Math.abs(planes[i] - planes[i - 1]);
      }
    }
    return sum;
  }

  @Test
  void only_the_second_view_is_solarised_one_time_in_five() {
    Image white = Image.filled(20, 20, 0xFFFFFF);
    int dark = 0;
    for (int seed = 0; seed < 1000; seed++) {
      // brightness leaves white at 0.6 or more
      assertThat(ByolView.first(8, .08).draw(white, new SplittableRandom(seed))[0]).isPositive();
      dark += ByolView.second(8, .08).draw(white, new SplittableRandom(seed))[0] < 0 ? 1 : 0;
    }
    // binomial(1000, 0.2): standard deviation 13; five of them either side
    assertThat(dark).isBetween(137, 263);
  }

  @Test
  void one_view_in_five_is_grey() {
    Image colour = Image.filled(20, 20, 0x306090);
    int grey = 0;
    for (int seed = 0; seed < 1000; seed++) {
      float[] planes = ByolView.first(8, .08).draw(colour, new SplittableRandom(seed));
      double red = planes[0] * ImageNetStatistics.STD.get(0) + ImageNetStatistics.MEAN.get(0);
      double blue = planes[128] * ImageNetStatistics.STD.get(2) + ImageNetStatistics.MEAN.get(2);
      grey += Math.abs(red - blue) < 1e-5 ? 1 : 0;
    }
    assertThat(grey).isBetween(137, 263);
  }
}
