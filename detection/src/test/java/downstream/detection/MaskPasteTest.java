package downstream.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import downstream.eval.data.image.ImageSize;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MaskPasteTest {
  private static int count(boolean[] pixels) {
    return (int) IntStream.range(0, pixels.length).filter(i -> pixels[i]).count();
  }

  @Test
  void a_full_mask_fills_its_box() {
    float[] mask = new float[28 * 28];
    Arrays.fill(mask, 1);
    boolean[] pixels = new MaskPaste(3, 5, 10, 4).paste(mask, 28, new ImageSize(20, 12));
    for (int i = 0; i < pixels.length; i++) {
      boolean inside = i % 20 >= 3 && i % 20 < 13 && i / 20 >= 5 && i / 20 < 9;
      assertThat(pixels[i]).as("pixel " + i % 20 + ", " + i / 20).isEqualTo(inside);
    }
  }

  @Test
  void what_lies_outside_of_the_image_is_cut_off() {
    float[] mask = new float[28 * 28];
    Arrays.fill(mask, 1);
    assertThat(count(new MaskPaste(-5, -5, 10, 10).paste(mask, 28, new ImageSize(8, 8))))
        .isEqualTo(25);
    assertThat(count(new MaskPaste(6, 6, 10, 10).paste(mask, 28, new ImageSize(8, 8))))
        .isEqualTo(4);
  }

  @Test
  void a_disc_keeps_its_area_at_any_size() {
    int side = 28;
    float[] disc = new float[side * side];
    for (int i = 0; i < disc.length; i++) {
      int row = i / side;
      disc[i] = Math.hypot(i % side + 0.5 - 14, row + 0.5 - 14) <= 14 ? 1 : 0;
    }
    for (int size : new int[] {20, 57, 140}) {
      double area =
          count(new MaskPaste(3.3, 2.7, size, size).paste(disc, side, new ImageSize(160, 160)));
      assertThat(area / (size * size)).isCloseTo(Math.PI / 4, within(0.03));
    }
  }
}
