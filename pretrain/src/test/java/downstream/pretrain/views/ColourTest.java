package downstream.pretrain.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ColourTest {
  private final Random random = new Random(8);

  @Test
  void brightness_adds_the_same_to_every_value() {
    float[] rgb = {.1f, .5f, .9f};
    Colour.brighten(rgb, .2);
    assertThat(rgb).containsExactly(new float[] {.3f, .7f, 1.1f}, within(1e-6f));
  }

  @Test
  void contrast_scales_about_the_mean_of_each_channel() {
    float[] rgb = {.2f, .1f, 0, .6f, .1f, 1};
    Colour.contrast(rgb, .5);
    assertThat(rgb).containsExactly(new float[] {.3f, .1f, .25f, .5f, .1f, .75f}, within(1e-6f));
  }

  @Test
  void hue_and_saturation_change_as_in_hsv() {
    for (int trial = 0; trial < 200; trial++) {
      float[] rgb = {random.nextFloat(), random.nextFloat(), random.nextFloat()};
      float turns = random.nextFloat() - .5f;
      float factor = .5f + random.nextFloat();
      float[] hsv =
          Color.RGBtoHSB(
              Math.round(rgb[0] * 255), Math.round(rgb[1] * 255), Math.round(rgb[2] * 255), null);
      Color expected =
          new Color(Color.HSBtoRGB(hsv[0] + turns, Math.min(1, hsv[1] * factor), hsv[2]));
      Colour.turnHue(rgb, turns);
      Colour.saturate(rgb, factor);
      // AWT works on 8-bit values
      assertThat(rgb).containsExactly(expected.getRGBColorComponents(null), within(.03f));
    }
  }

  @Test
  void grey_has_the_weights_of_luma() {
    float[] rgb = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    Colour.grey(rgb);
    float[] luma = {.2989f, .2989f, .2989f, .587f, .587f, .587f, .114f, .114f, .114f};
    assertThat(rgb).containsExactly(luma, within(1e-6f));
  }

  @Test
  void solarise_inverts_from_one_half_up() {
    float[] rgb = {.2f, .49f, .5f, .8f, 0, 1};
    Colour.solarise(rgb);
    assertThat(rgb).containsExactly(new float[] {.2f, .49f, .5f, .2f, 0, 0}, within(1e-6f));
  }

  @Test
  void jitter_stays_in_range_and_depends_on_the_generator_alone() {
    for (int seed = 0; seed < 50; seed++) {
      float[] first = new float[48];
      for (int i = 0; i < first.length; i++) {
        first[i] = random.nextFloat();
      }
      float[] second = first.clone();
      Colour.jitter(first, new SplittableRandom(seed));
      Colour.jitter(second, new SplittableRandom(seed));
      assertThat(first).isEqualTo(second);
      for (float value : first) {
        assertThat(value).isBetween(0f, 1f);
      }
    }
  }
}
