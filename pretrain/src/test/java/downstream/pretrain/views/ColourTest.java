package downstream.pretrain.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ColourTest {
  private static final int SIZE = 16;

  @Test
  void hue_turns_as_in_hsv() {
    float[] planes = Drawn.planes(SIZE, 1);
    for (int i = 0; i < 40; i++) { // greys, two equal channels, black
      planes[SIZE * SIZE + i] = planes[i];
      planes[2 * SIZE * SIZE + i] = i < 20 ? planes[i] : 0;
      planes[i] = i == 20 ? 0 : planes[i];
    }
    for (float turns : new float[] {-.5f, -.1f, 0, .05f, .1f, .5f}) {
      float[] turned = planes.clone();
      Colour.turnHue(turned, turns);
      for (int i = 0; i < SIZE * SIZE; i++) {
        double[] hsv = Hsv.of(Drawn.pixel(planes, i));
        hsv[0] = (hsv[0] + turns + 1) % 1;
        assertThat(Drawn.pixel(turned, i)).containsExactly(Hsv.toRgb(hsv), within(2e-6));
      }
    }
  }

  @Test
  void grey_has_the_weights_of_luma() {
    float[] planes = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    Colour.grey(planes);
    float[] luma = {.2989f, .587f, .114f, .2989f, .587f, .114f, .2989f, .587f, .114f};
    assertThat(planes).containsExactly(luma, within(1e-6f));
  }

  @Test
  void mean_grey_is_the_mean_of_the_grey_picture() {
    float[] planes = Drawn.planes(SIZE, 2);
    double mean = Colour.meanGrey(planes);
    Colour.grey(planes);
    double sum = 0;
    for (int i = 0; i < SIZE * SIZE; i++) {
      sum += planes[i];
    }
    assertThat(mean).isCloseTo(sum / SIZE / SIZE, within(1e-6));
  }

  @Test
  void mean_counts_every_value_of_its_part() {
    float[] values = {100, 1, 2, 3, 4, 5, 6, 7, 100};
    assertThat(Colour.mean(values, 1, 7)).isEqualTo(4);
    assertThat(Colour.mean(values, 1, 2)).isEqualTo(1.5);
  }

  @Test
  void solarise_inverts_from_one_half_up() {
    float[] planes = {.2f, .49f, .5f, .8f, 0, 1};
    Colour.solarise(planes);
    assertThat(planes).containsExactly(new float[] {.2f, .49f, .5f, .2f, 0, 0}, within(1e-7f));
  }

  @Test
  void clip_brings_values_into_the_unit_interval() {
    float[] planes = {-.1f, 0, .3f, 1, 1.5f, 7};
    Colour.clip(planes);
    assertThat(planes).containsExactly(0, 0, .3f, 1, 1, 1);
  }

  @Test
  void every_order_of_the_four_is_equally_likely() {
    SplittableRandom random = new SplittableRandom(4);
    Map<String, Integer> times = new HashMap<>();
    for (int draw = 0; draw < 24_000; draw++) {
      times.merge(Arrays.toString(Colour.order(random)), 1, Integer::sum);
    }
    // binomial(24000, 1/24): mean 1000, standard deviation 31; five of them either side
    assertThat(times).hasSize(24);
    assertThat(times.values()).allMatch(n -> n > 845 && n < 1155);
  }
}
