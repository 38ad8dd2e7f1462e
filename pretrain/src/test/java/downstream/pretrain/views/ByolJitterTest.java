package downstream.pretrain.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ByolJitterTest {
  private static final int SIZE = 16;

  @Test
  void brightness_adds_the_same_to_every_value_and_clips() {
    float[][] planes = {{.1f}, {.5f}, {.9f}};
    ByolJitter.brighten(planes, .2f);
    assertThat(Drawn.joined(planes)).containsExactly(new float[] {.3f, .7f, 1}, within(1e-6f));
    ByolJitter.brighten(planes, -.4f);
    assertThat(Drawn.joined(planes)).containsExactly(new float[] {0, .3f, .6f}, within(1e-6f));
  }

  @Test
  void contrast_scales_about_the_mean_of_each_channel() {
    float[][] planes = {{.2f, .6f}, {.1f, .1f}, {0, 1}};
    ByolJitter.contrast(planes, .5f);
    assertThat(Drawn.joined(planes))
        .containsExactly(new float[] {.3f, .5f, .1f, .1f, .25f, .75f}, within(1e-6f));
    ByolJitter.contrast(planes, 4);
    assertThat(Drawn.joined(planes))
        .containsExactly(new float[] {0, .8f, .1f, .1f, 0, 1}, within(1e-6f));
  }

  @Test
  void saturation_scales_s_of_hsv() {
    float[][] planes = Drawn.planes(SIZE, 1);
    for (float factor : new float[] {.8f, 1, 1.2f, 3}) {
      float[][] changed = Drawn.copy(planes);
      ByolJitter.saturate(changed, factor);
      for (int i = 0; i < SIZE * SIZE; i++) {
        double[] hsv = Hsv.of(Drawn.pixel(planes, i));
        hsv[1] = Math.min(1, hsv[1] * factor);
        assertThat(Drawn.pixel(changed, i)).containsExactly(Hsv.toRgb(hsv), within(2e-6));
      }
    }
  }

  @Test
  void saturation_leaves_greys_and_black_alone() {
    float[][] planes = {{0, .4f, 1}, {0, .4f, 1}, {0, .4f, 1}};
    float[][] changed = Drawn.copy(planes);
    ByolJitter.saturate(changed, 1.2f);
    assertThat(changed).isDeepEqualTo(planes);
  }

  @Test
  void jitter_stays_in_range_and_depends_on_the_generator_alone() {
    for (int seed = 0; seed < 50; seed++) {
      float[][] first = Drawn.planes(SIZE, seed);
      float[][] second = Drawn.copy(first);
      ByolJitter.BYOL.apply(first, new SplittableRandom(seed));
      ByolJitter.BYOL.apply(second, new SplittableRandom(seed));
      assertThat(first).isDeepEqualTo(second);
      for (float value : Drawn.joined(first)) {
        assertThat(value).isBetween(0f, 1f);
      }
    }
  }

  @Test
  void strengths_of_simclr_are_twice_those_of_byol_and_brightness_may_multiply() {
    assertThat(ByolJitter.simClr(1, true)).isEqualTo(new ByolJitter(.8, .8, .8, .2, true));
    assertThat(ByolJitter.simClr(.5, false)).isEqualTo(new ByolJitter(.4, .4, .4, .1, false));
    ByolJitter brightness = new ByolJitter(.8, 0, 0, 0, true);
    for (int seed = 0; seed < 20; seed++) {
      float[][] planes = {{0, .2f}, {0, .1f}, {0, .4f}};
      brightness.apply(planes, new SplittableRandom(seed));
      assertThat(planes[0][0]).isZero();
      assertThat(planes[0][1]).isBetween(.04f - 1e-6f, .36f + 1e-6f);
      assertThat(planes[2][1]).isCloseTo(2 * planes[0][1], within(1e-5f));
    }
  }
}
