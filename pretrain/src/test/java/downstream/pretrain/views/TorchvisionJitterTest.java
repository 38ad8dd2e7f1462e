package downstream.pretrain.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TorchvisionJitterTest {
  private static final int SIZE = 16;

  @Test
  void brightness_multiplies_and_clips() {
    float[][] planes = {{.1f}, {.5f}, {.9f}};
    TorchvisionJitter.brighten(planes, 1.4f);
    assertThat(Drawn.joined(planes)).containsExactly(new float[] {.14f, .7f, 1}, within(1e-6f));
  }

  @Test
  void contrast_blends_with_the_mean_grey_of_the_image() {
    for (float factor : new float[] {.6f, 1, 1.4f}) {
      float[][] planes = Drawn.planes(SIZE, 1);
      float[][] changed = Drawn.copy(planes);
      TorchvisionJitter.contrast(changed, factor);
      float[] before = Drawn.joined(planes);
      float[] after = Drawn.joined(changed);
      double mean = 0;
      for (int i = 0; i < SIZE * SIZE; i++) {
        mean += grey(planes, i) / SIZE / SIZE;
      }
      for (int i = 0; i < 3 * SIZE * SIZE; i++) {
        float expected = blend(before[i], mean, factor);
        assertThat(after[i]).isCloseTo(expected, within(1e-6f));
      }
    }
  }

  @Test
  void saturation_blends_with_the_grey_of_the_pixel() {
    for (float factor : new float[] {.6f, 1, 1.4f}) {
      float[][] planes = Drawn.planes(SIZE, 1);
      float[][] changed = Drawn.copy(planes);
      TorchvisionJitter.saturate(changed, factor);
      float[] before = Drawn.joined(planes);
      float[] after = Drawn.joined(changed);
      for (int i = 0; i < 3 * SIZE * SIZE; i++) {
        double grey = grey(planes, i % (SIZE * SIZE));
        float expected = blend(before[i], grey, factor);
        assertThat(after[i]).isCloseTo(expected, within(1e-6f));
      }
    }
  }

  private static double grey(float[][] planes, int pixel) {
    double[] rgb = Drawn.pixel(planes, pixel);
    return .2989 * rgb[0] + .587 * rgb[1] + .114 * rgb[2];
  }

  private static float blend(double value, double grey, double factor) {
    return (float) Math.max(0, Math.min(1, factor * value + (1 - factor) * grey));
  }

  @Test
  void no_strength_changes_nothing() {
    float[][] planes = Drawn.planes(SIZE, 1);
    float[][] same = Drawn.copy(planes);
    new TorchvisionJitter(0, 0, 0, 0).apply(same, new SplittableRandom(1));
    assertThat(Drawn.joined(same)).containsExactly(Drawn.joined(planes), within(2e-6f));
  }

  @Test
  void strengths_are_the_reach_of_uniform_factors() {
    float least = 1;
    float most = 0;
    SplittableRandom random = new SplittableRandom(2);
    for (int draw = 0; draw < 1000; draw++) {
      float[][] grey = {{.5f}, {.5f}, {.5f}};
      new TorchvisionJitter(.4, 0, 0, 0).apply(grey, random);
      least = Math.min(least, grey[1][0]);
      most = Math.max(most, grey[1][0]);
    }
    assertThat(least).isBetween(.3f, .302f);
    assertThat(most).isBetween(.698f, .7f);
  }

  @Test
  void jitter_stays_in_range_and_depends_on_the_generator_alone() {
    TorchvisionJitter jitter = new TorchvisionJitter(.4, .4, .4, .1);
    for (int seed = 0; seed < 50; seed++) {
      float[][] first = Drawn.planes(SIZE, seed);
      float[][] second = Drawn.copy(first);
      jitter.apply(first, new SplittableRandom(seed));
      jitter.apply(second, new SplittableRandom(seed));
      assertThat(first).isDeepEqualTo(second);
      for (float value : Drawn.joined(first)) {
        assertThat(value).isBetween(0f, 1f);
      }
    }
  }
}
