package downstream.pretrain.masks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import downstream.pretrain.views.ViewBox;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PixelMaskTest {
  private static final KeptPixels SCATTERED = new KeptPixels.Scattered();

  private final SplittableRandom random = new SplittableRandom(3);

  @ParameterizedTest
  @CsvSource({
    "224, 32, 30, 615, .36771",
    "96, 32, 6, 615, .40039",
    "96, 16, 22, 154, .36762",
    "64, 16, 10, 154, .37598"
  })
  void masks_the_published_number_of_pixels(int size, int unit, int units, int each, double share) {
    PixelMask mask = PixelMask.draw(size, unit, MaskRatios.RINGMO, SCATTERED, random);
    assertThat(mask.count()).isEqualTo(units * each);
    assertThat((double) mask.count() / (size * size)).isCloseTo(share, within(1e-5));
    int[] perUnit = perUnit(mask, size, unit);
    assertThat(Arrays.stream(perUnit).filter(n -> n > 0)).hasSize(units).containsOnly(each);
  }

  /** Masked pixels of each unit. */
  private static int[] perUnit(PixelMask mask, int size, int unit) {
    int grid = size / unit;
    int[] perUnit = new int[grid * grid];
    for (int i = 0; i < size * size; i++) {
      perUnit[i / size / unit * grid + i % size / unit] += (int) mask.pixels()[i];
    }
    return perUnit;
  }

  @Test
  void ioca_and_its_control_hide_the_same_share() {
    // 13 of 16 units, 192 of 256 pixels; 10 of 16 units, all pixels
    assertThat(PixelMask.draw(64, 16, MaskRatios.IOCA, SCATTERED, random).count())
        .isEqualTo(13 * 192);
    PixelMask plain = PixelMask.draw(64, 16, MaskRatios.PLAIN, SCATTERED, random);
    assertThat(perUnit(plain, 64, 16)).containsOnly(0, 256);
    assertThat(plain.count()).isEqualTo(10 * 256);
    for (MaskRatios shares : List.of(MaskRatios.IOCA, MaskRatios.PLAIN)) {
      double share = PixelMask.draw(320, 16, shares, SCATTERED, random).count() / (320 * 320.0);
      assertThat(share).isCloseTo(.6, within(1e-9));
    }
  }

  @ParameterizedTest
  @CsvSource({
    // side, unit and patch; then α·β/(1 − block/patch²) of the units, and what each hides
    "40, 8, 8, 16, 60", // 0.6 / (60/64) = 0.64 of 25 units
    "80, 16, 8, 16, 240", // four blocks in each unit
    "80, 16, 16, 16, 240", // one block of 4 × 4
    "20, 4, 4, 16, 15", // one pixel of a patch of 4
    "30, 6, 6, 16, 35", // a quarter of 6, rounded down: 0.6 / (35/36) = 0.617 of 25
  })
  void a_block_is_kept_in_each_hidden_patch_and_the_masked_share_stays(
      int size, int unit, int patch, int units, int each) {
    PixelMask mask =
        PixelMask.draw(size, unit, MaskRatios.IOCA, new KeptPixels.Block(patch), random);
    assertThat(mask.count()).isEqualTo(units * each);
    assertThat(Arrays.stream(perUnit(mask, size, unit)).filter(n -> n > 0))
        .hasSize(units)
        .containsOnly(each);
    if (patch != 6) {
      assertThat((double) mask.count() / (size * size)).isCloseTo(.6, within(1e-9));
    }
  }

  @Test
  void kept_pixels_of_a_patch_are_one_square() {
    float[] pixels =
        PixelMask.draw(16, 8, new MaskRatios(.9375, 1), new KeptPixels.Block(8), random).pixels();
    for (int patch = 0; patch < 4; patch++) {
      int corner = patch / 2 * 8 * 16 + patch % 2 * 8;
      int[] kept =
          IntStream.range(0, 64).filter(i -> pixels[corner + i / 8 * 16 + i % 8] == 0).toArray();
      assertThat(kept).hasSize(4);
      int first = kept[0];
      assertThat(kept).containsExactly(first, first + 1, first + 8, first + 9);
      assertThat(first % 8).isLessThan(7);
    }
  }

  @Test
  void refuses_to_hide_more_than_blocks_leave() {
    KeptPixels block = new KeptPixels.Block(8);
    assertThat(block.maskedUnits(new MaskRatios(1, .9375))).isBetween(.99, 1.0);
    assertThatThrownBy(() -> block.maskedUnits(new MaskRatios(1, .95)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 0.9375 with a block kept in each patch of 8, not 0.95");
  }

  @Test
  void masks_every_pixel_equally_often() {
    int[] times = new int[64];
    for (int draw = 0; draw < 4000; draw++) {
      float[] pixels = PixelMask.draw(8, 4, new MaskRatios(.5, .5), SCATTERED, random).pixels();
      for (int i = 0; i < 64; i++) {
        times[i] += (int) pixels[i];
      }
    }
    // binomial(4000, 1/4): mean 1000, standard deviation 27.4; five of them either side
    assertThat(Arrays.stream(times)).allMatch(n -> n > 863 && n < 1137);
  }

  @Test
  void only_units_in_boxes_are_masked() {
    List<ViewBox> boxes = List.of(new ViewBox(0, 0, 24, 16), new ViewBox(48, 48, 64, 64));
    boolean[] within = new boolean[64];
    for (int unit : new int[] {0, 1, 2, 8, 9, 10, 54, 55, 62, 63}) {
      within[unit] = true;
    }
    for (int draw = 0; draw < 50; draw++) {
      PixelMask mask = PixelMask.within(64, 8, MaskRatios.IOCA, SCATTERED, boxes, random);
      int[] perUnit = perUnit(mask, 64, 8);
      assertThat(mask.count()).isEqualTo(8 * 48);
      for (int unit = 0; unit < 64; unit++) {
        assertThat(perUnit[unit] == 0 || within[unit]).isTrue();
      }
    }
  }

  @Test
  void a_box_smaller_than_a_unit_has_the_unit_around_its_centre() {
    List<ViewBox> tiny = List.of(new ViewBox(33, 9, 35, 11), new ViewBox(63.5, 63.5, 64, 64));
    PixelMask mask = PixelMask.within(64, 8, new MaskRatios(1, 1), SCATTERED, tiny, random);
    int[] perUnit = perUnit(mask, 64, 8);
    assertThat(perUnit[12]).isEqualTo(64);
    assertThat(perUnit[63]).isEqualTo(64);
    assertThat(mask.count()).isEqualTo(128);
  }

  @Test
  void without_boxes_nothing_is_masked() {
    PixelMask mask = PixelMask.within(64, 8, MaskRatios.IOCA, SCATTERED, List.of(), random);
    assertThat(mask.count()).isZero();
    assertThat(mask.pixels()).containsOnly(0);
  }

  @Test
  void same_generator_state_draws_the_same_mask() {
    assertThat(PixelMask.draw(64, 8, MaskRatios.IOCA, SCATTERED, new SplittableRandom(1)).pixels())
        .isEqualTo(
            PixelMask.draw(64, 8, MaskRatios.IOCA, SCATTERED, new SplittableRandom(1)).pixels())
        .isNotEqualTo(
            PixelMask.draw(64, 8, MaskRatios.IOCA, SCATTERED, new SplittableRandom(2)).pixels());
  }

  @Test
  void refuses_shares_of_nothing_and_of_more_than_all() {
    assertThatThrownBy(() -> new MaskRatios(0, .5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0.0 and 0.5");
    assertThatThrownBy(() -> new MaskRatios(.5, 1.1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PixelMask.draw(64, 24, MaskRatios.IOCA, SCATTERED, random))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
