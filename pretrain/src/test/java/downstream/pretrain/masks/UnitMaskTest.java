package downstream.pretrain.masks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitMaskTest {
  private final SplittableRandom random = new SplittableRandom(3);

  @ParameterizedTest
  @CsvSource({"224, 32, 30, 49", "192, 32, 22, 36", "64, 16, 10, 16"})
  void masks_the_published_number_of_units(int size, int unit, int expected, int all) {
    UnitMask mask = UnitMask.draw(size, unit, .6, random);
    assertThat(mask.units()).isEqualTo(expected);
    assertThat(mask.patches(unit)).hasSize(all);
    assertThat(sum(mask.patches(unit))).isEqualTo(expected);
    assertThat(mask.count()).isEqualTo(expected * unit * unit);
    assertThat(sum(mask.pixels())).isEqualTo(mask.count());
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }

  @Test
  void patches_and_pixels_show_the_same_units() {
    UnitMask mask = UnitMask.draw(96, 32, .6, random);
    float[] units = mask.patches(32);
    float[] patches = mask.patches(8);
    float[] pixels = mask.pixels();
    for (int y = 0; y < 96; y++) {
      for (int x = 0; x < 96; x++) {
        assertThat(pixels[y * 96 + x]).isEqualTo(units[y / 32 * 3 + x / 32]);
        assertThat(pixels[y * 96 + x]).isEqualTo(patches[y / 8 * 12 + x / 8]);
      }
    }
  }

  @Test
  void masks_every_unit_equally_often() {
    int[] times = new int[16];
    for (int draw = 0; draw < 4000; draw++) {
      float[] units = UnitMask.draw(64, 16, .6, random).patches(16);
      for (int i = 0; i < 16; i++) {
        times[i] += (int) units[i];
      }
    }
    // binomial(4000, 10/16): mean 2500, standard deviation 30.6; five of them either side
    assertThat(Arrays.stream(times)).allMatch(n -> n > 2347 && n < 2653);
  }

  @Test
  void same_generator_state_draws_the_same_mask() {
    assertThat(UnitMask.draw(64, 8, .6, new SplittableRandom(1)).pixels())
        .isEqualTo(UnitMask.draw(64, 8, .6, new SplittableRandom(1)).pixels())
        .isNotEqualTo(UnitMask.draw(64, 8, .6, new SplittableRandom(2)).pixels());
  }

  @Test
  void refuses_units_that_do_not_fit() {
    assertThatThrownBy(() -> UnitMask.draw(64, 24, .6, random))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("24 a view of 64 pixels");
    assertThatThrownBy(() -> UnitMask.draw(64, 16, .6, random).patches(12))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
