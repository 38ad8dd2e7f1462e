package downstream.pretrain.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ColourTransformsTest {
  private static final int SIZE = 16;

  @Test
  void hue_turns_as_in_hsv() {
    float[][] planes = Drawn.planes(SIZE, 1);
    for (int i = 0; i < 40; i++) { // greys, two equal channels, one colour alone, black
      planes[1][i] = i < 30 ? planes[0][i] : 0;
      planes[2][i] = i < 20 ? planes[0][i] : 0;
      planes[0][i] = i % 10 == 0 ? 0 : planes[0][i];
    }
    for (float turns : new float[] {-.5f, -.1f, 0, .05f, .1f, .5f}) {
      float[][] turned = Drawn.copy(planes);
      ColourTransforms.turnHue(turned, turns);
      for (int i = 0; i < SIZE * SIZE; i++) {
        double[] hsv = Hsv.of(Drawn.pixel(planes, i));
        hsv[0] = (hsv[0] + turns + 1) % 1;
        assertThat(Drawn.pixel(turned, i)).containsExactly(Hsv.toRgb(hsv), within(2e-6));
      }
    }
  }

  @Test
  void grey_has_the_weights_of_luma() {
    float[][] planes = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    ColourTransforms.grey(planes);
    for (float[] plane : planes) {
      assertThat(plane).containsExactly(.2989f, .587f, .114f);
    }
  }

  @Test
  void mean_grey_is_the_mean_of_the_grey_image() {
    float[][] planes = Drawn.planes(SIZE, 2);
    double mean = ColourTransforms.meanGrey(planes);
    ColourTransforms.grey(planes);
    double sum = 0;
    for (int i = 0; i < SIZE * SIZE; i++) {
      sum += planes[0][i];
    }
    assertThat(mean).isCloseTo(sum / SIZE / SIZE, within(1e-6));
  }

  @Test
  void mean_counts_every_value() {
    assertThat(ColourTransforms.mean(new float[] {1, 2, 3, 4, 5, 6, 7})).isEqualTo(4);
    assertThat(ColourTransforms.mean(new float[] {1, 2})).isEqualTo(1.5);
  }

  @Test
  void solarise_inverts_from_one_half_up() {
    float[][] planes = {{.2f, .49f}, {.5f, .8f}, {0, 1}};
    ColourTransforms.solarise(planes);
    assertThat(Drawn.joined(planes))
        .containsExactly(new float[] {.2f, .49f, .5f, .2f, 0, 0}, within(1e-7f));
  }

  @Test
  void scaled_values_are_clipped() {
    float[] values = {-.1f, 0, .3f, 1, 7};
    ColourTransforms.scale(values, 2, .1f);
    assertThat(values).containsExactly(new float[] {0, .1f, .7f, 1, 1}, within(1e-6f));
  }

  @Test
  void every_order_of_the_four_is_equally_likely() {
    SplittableRandom random = new SplittableRandom(4);
    Map<String, Integer> times = new HashMap<>();
    for (int draw = 0; draw < 24_000; draw++) {
      times.merge(Arrays.toString(ColourTransforms.order(random)), 1, Integer::sum);
    }
    // binomial(24000, 1/24): mean 1000, standard deviation 31; five of them either side
    assertThat(times).hasSize(24);
    assertThat(times.values()).allMatch(n -> n > 845 && n < 1155);
  }
}
