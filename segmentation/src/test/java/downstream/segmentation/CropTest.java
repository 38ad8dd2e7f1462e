package downstream.segmentation;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.data.image.LabelMap;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CropTest {
  @Test
  void avoids_squares_of_mostly_one_class() {
    // A thin strip of class 1 at the right of 100 columns: most squares hold class 0 alone.
    LabelMap map = strips(100, 40, 92);
    SplittableRandom random = new SplittableRandom(1);
    int free = 0;
    int limited = 0;
    for (int i = 0; i < 300; i++) {
      free += mixed(Crop.draw(map, 20, 1, random).of(map)) ? 1 : 0;
      limited += mixed(Crop.draw(map, 20, 0.75, random).of(map)) ? 1 : 0;
    }
    assertThat(limited).isGreaterThan(2 * free);
    assertThat(limited).as("gives up after ten tries").isLessThan(300);
  }

  @Test
  void does_not_count_ignored_pixels() {
    byte[] values = new byte[400];
    Arrays.fill(values, 0, 390, (byte) LabelMap.IGNORE);
    values[391] = 1;
    values[395] = 1;
    values[397] = 1;
    // 7 of 10 pixels that count are of class 0.
    LabelMap map = LabelMap.of(20, 20, values);
    SplittableRandom first = new SplittableRandom(2);
    SplittableRandom second = new SplittableRandom(2);

    assertThat(Crop.draw(map, 20, 0.75, first)).isEqualTo(new Crop(0, 0, 20));
    Crop.draw(map, 20, 1, second);
    assertThat(first.nextLong()).as("the first square was taken").isEqualTo(second.nextLong());
  }

  @Test
  void lies_inside_a_larger_image_and_around_a_smaller_one() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 200; i++) {
      Crop inside = Crop.draw(strips(50, 30, 9), 20, 0.75, random);
      assertThat(inside.x()).isBetween(0, 30);
      assertThat(inside.y()).isBetween(0, 10);
      Crop around = Crop.draw(strips(50, 30, 9), 64, 0.75, random);
      assertThat(around.x()).isBetween(-14, 0);
      assertThat(around.y()).isBetween(-34, 0);
    }
  }

  private static boolean mixed(LabelMap map) {
    int ones = 0;
    for (byte value : map.values()) {
      ones += value;
    }
    return ones > 0.25 * map.values().length;
  }

  /** Class 0 up to column {@code edge}, class 1 from there. */
  private static LabelMap strips(int width, int height, int edge) {
    byte[] values = new byte[width * height];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (i % width < edge ? 0 : 1);
    }
    return LabelMap.of(width, height, values);
  }
}
