package downstream.detection.metrics.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RleTest {
  private static boolean[] pixels(Random random, int height, int width) {
    boolean[] pixels = new boolean[height * width];
    int sharpness = 2 + random.nextInt(5);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextInt(sharpness) == 0;
    }
    return pixels;
  }

  @Test
  void a_bitmap_comes_back() {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      int height = 1 + random.nextInt(12);
      int width = 1 + random.nextInt(12);
      boolean[] pixels = pixels(random, height, width);
      Rle mask = Rle.ofPixels(pixels, height, width);
      assertThat(mask.toPixels()).isEqualTo(pixels);
      assertThat(Rle.ofRuns(height, width, RleCodec.read(mask.counts()))).isEqualTo(mask);
    }
  }

  @Test
  void area_box_overlap_and_union_are_those_of_the_pixels() {
    Random random = new Random(2);
    for (int i = 0; i < 300; i++) {
      int height = 1 + random.nextInt(9);
      int width = 1 + random.nextInt(9);
      boolean[] a = pixels(random, height, width);
      boolean[] b = pixels(random, height, width);
      boolean[] either = new boolean[a.length];
      int inner = 0;
      int union = 0;
      int own = 0;
      for (int p = 0; p < a.length; p++) {
        either[p] = a[p] || b[p];
        inner += a[p] && b[p] ? 1 : 0;
        union += either[p] ? 1 : 0;
        own += a[p] ? 1 : 0;
      }
      Rle first = Rle.ofPixels(a, height, width);
      Rle second = Rle.ofPixels(b, height, width);
      assertThat(first.area()).isEqualTo(own);
      assertThat(first.union(second)).isEqualTo(Rle.ofPixels(either, height, width));
      assertThat(first.overlap(second, false)).isEqualTo(inner == 0 ? 0 : (double) inner / union);
      assertThat(first.overlap(second, true)).isEqualTo(inner == 0 ? 0 : (double) inner / own);
    }
  }

  @Test
  void the_box_is_tight_except_for_runs_that_span_columns() {
    boolean[] pixels = new boolean[20];
    pixels[1 * 5 + 1] = true;
    pixels[2 * 5 + 1] = true;
    pixels[1 * 5 + 3] = true;
    assertThat(Rle.ofPixels(pixels, 4, 5).box()).containsExactly(1, 1, 3, 2);
    assertThat(Rle.ofRuns(4, 5, new int[] {3, 2, 15}).box()).containsExactly(0, 0, 2, 4);
    assertThat(Rle.ofRuns(4, 5, new int[] {20}).box()).containsExactly(0, 0, 0, 0);
  }

  @Test
  void runs_must_cover_the_image() {
    assertThatThrownBy(() -> Rle.ofRuns(4, 5, new int[] {3, 2}))
        .hasMessage("runs cover 5 pixels of 4 x 5");
    assertThatThrownBy(() -> Rle.ofRuns(1, 1, new int[] {2, -1}))
        .hasMessage("a run has negative length -1");
  }

  @Test
  void text_that_no_writer_wrote_is_refused() {
    assertThatThrownBy(() -> RleCodec.read("05[1 0")).hasMessageContaining("character ' ' at 4");
    assertThatThrownBy(() -> RleCodec.read("P")).hasMessageContaining("ends within a run");
    assertThatThrownBy(() -> RleCodec.read("O")).hasMessageContaining("a run of -1 pixels");
    assertThatThrownBy(() -> RleCodec.read("ooooooooo0")).hasMessageContaining("cannot occur");
  }

  @Test
  void the_box_of_a_run_into_the_next_column_has_the_whole_height() {
    assertThat(Rle.ofRuns(4, 5, new int[] {2, 4, 14}).box()).containsExactly(0, 0, 2, 4);
  }

  @Test
  void masks_are_equal_if_size_and_runs_are() {
    Rle mask = Rle.ofRuns(4, 5, new int[] {3, 2, 15});
    assertThat(mask).isEqualTo(Rle.ofRuns(4, 5, new int[] {3, 2, 15}));
    assertThat(mask).hasSameHashCodeAs(Rle.ofRuns(4, 5, new int[] {3, 2, 15}));
    assertThat(mask).isNotEqualTo(Rle.ofRuns(4, 5, new int[] {3, 3, 14}));
    assertThat(mask).isNotEqualTo(Rle.ofRuns(5, 4, new int[] {3, 2, 15}));
    assertThat(mask).isNotEqualTo("4x5");
  }

  @Test
  void sizes_are_the_same_if_height_and_width_are() {
    Rle mask = Rle.ofRuns(4, 5, new int[] {20});
    assertThat(mask.height()).isEqualTo(4);
    assertThat(mask.width()).isEqualTo(5);
    assertThat(mask.sameSize(Rle.ofRuns(4, 5, new int[] {3, 2, 15}))).isTrue();
    assertThat(mask.sameSize(Rle.ofRuns(4, 6, new int[] {24}))).isFalse();
    assertThat(mask.sameSize(Rle.ofRuns(3, 5, new int[] {15}))).isFalse();
  }

  @Test
  void an_image_without_pixels_has_an_empty_mask_and_a_negative_size_none() {
    Rle none = Rle.ofRuns(0, 5, new int[0]);
    assertThat(Rle.ofRuns(5, 0, new int[0]).area()).isZero();
    assertThat(none.union(none).area()).isZero();
    assertThat(none.overlap(none, false)).isZero();
    for (int[] size : new int[][] {{-1, 0}, {0, -1}}) {
      assertThatThrownBy(() -> Rle.ofRuns(size[0], size[1], new int[0]))
          .hasMessageContaining("runs cover 0 pixels of");
    }
    assertThatThrownBy(() -> Rle.ofRuns(-2, -3, new int[] {6}))
        .hasMessage("runs cover 6 pixels of -2 x -3");
  }

  @Test
  void a_bitmap_has_a_pixel_for_every_place() {
    assertThatThrownBy(() -> Rle.ofPixels(new boolean[21], 4, 5)).hasMessage("21 pixels for 4 x 5");
  }

  @Test
  void text_is_read_up_to_the_longest_run_and_no_further() {
    assertThat(RleCodec.read("oooooo1")).containsExactly(Integer.MAX_VALUE);
    assertThatThrownBy(() -> RleCodec.read("PPPPPP2")).hasMessageContaining("2147483648 pixels");
    assertThat(RleCodec.read("PPPPPPP0")).as("eight groups").containsExactly(0);
    assertThatThrownBy(() -> RleCodec.read("PPPPPPPP0")).hasMessageContaining("cannot occur");
    assertThatThrownBy(() -> RleCodec.read("p0")).hasMessageContaining("character 'p' at 0");
  }
}
