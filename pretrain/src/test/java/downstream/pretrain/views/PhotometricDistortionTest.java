package downstream.pretrain.views;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class PhotometricDistortionTest {
  private static final int DRAWS = 2000;
  private static final TorchvisionJitter JITTER = new TorchvisionJitter(.4, .4, .2, .1);
  private final SplittableRandom random = new SplittableRandom(7);

  /** How often, of 2000 draws; a share p has a standard deviation of at most 1.1%. */
  private double share(
      PhotometricDistortion distortion, float[][] given, int size, Predicate<float[][]> is) {
    int times = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      float[][] rgb = Drawn.copy(given);
      distortion.apply(rgb, size, random);
      times += is.test(rgb) ? 1 : 0;
    }
    return (double) times / DRAWS;
  }

  @Test
  void one_view_in_five_is_grey() {
    float[][] colours = {{.2f, .5f}, {.4f, .3f}, {.6f, .5f}};
    PhotometricDistortion distortion = new PhotometricDistortion(JITTER, 0, 0);
    assertThat(share(distortion, colours, 1, rgb -> rgb[0][0] == rgb[1][0])).isBetween(.15, .25);
  }

  @Test
  void four_in_five_are_jittered_and_some_of_the_rest_grey() {
    float[][] colours = {{.2f, .5f}, {.4f, .3f}, {.6f, .5f}};
    PhotometricDistortion distortion = new PhotometricDistortion(JITTER, 0, 0);
    double untouched = share(distortion, colours, 1, rgb -> rgb[0][0] == .2f && rgb[2][1] == .5f);
    assertThat(untouched).isBetween(.12, .20); // 0.2 · 0.8
  }

  @Test
  void blur_comes_with_its_probability() {
    float[][] spot = new float[3][81];
    for (float[] channel : spot) {
      channel[40] = .8f;
    }
    Predicate<float[][]> blurred = rgb -> rgb[0][41] - rgb[0][0] > 1e-4;
    assertThat(share(new PhotometricDistortion(JITTER, 1, 0), spot, 9, blurred)).isEqualTo(1);
    assertThat(share(new PhotometricDistortion(JITTER, .1, 0), spot, 9, blurred))
        .isBetween(.06, .14);
    assertThat(share(new PhotometricDistortion(JITTER, 0, 0), spot, 9, blurred)).isZero();
  }

  @Test
  void solarising_comes_with_its_probability() {
    float[][] white = {{1}, {1}, {1}};
    Predicate<float[][]> dark = rgb -> rgb[0][0] < .5f; // jitter leaves white at 0.6 or more
    assertThat(share(new PhotometricDistortion(JITTER, 0, .2), white, 1, dark)).isBetween(.15, .25);
    assertThat(share(new PhotometricDistortion(JITTER, 0, 0), white, 1, dark)).isZero();
  }
}
