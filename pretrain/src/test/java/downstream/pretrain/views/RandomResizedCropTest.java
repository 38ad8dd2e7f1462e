package downstream.pretrain.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.data.image.Image;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RandomResizedCropTest {
  private final SplittableRandom random = new SplittableRandom(6);

  @Test
  void region_lies_inside_with_the_asked_area_and_ratio() {
    RandomResizedCrop crop = new RandomResizedCrop(.2, 1);
    for (int trial = 0; trial < 2000; trial++) {
      int width = 40 + random.nextInt(50);
      int height = 40 + random.nextInt(50);
      var region = crop.region(width, height, random);
      assertThat(region.x()).isBetween(0, width - region.width());
      assertThat(region.y()).isBetween(0, height - region.height());
      double ratio = (double) region.width() / region.height();
      assertThat(ratio).isBetween(.75 * .95, 1.05 / .75); // sides are whole pixels
      double share = (double) region.width() * region.height() / (width * (double) height);
      assertThat(share).isBetween(.18, 1.0);
    }
  }

  @Test
  void whole_area_of_a_long_strip_falls_back_to_its_centre() {
    var region = new RandomResizedCrop(1, 1).region(300, 30, random);
    assertThat(region).isEqualTo(new Region(130, 0, 40, 30));
  }

  /** Three times as wide as high: ratios up to 4/3 always fit in width, seldom in height. */
  @Test
  void cut_region_of_a_long_strip_keeps_its_place_and_loses_its_height() {
    RandomResizedCrop crop = new RandomResizedCrop(1, 1);
    Image strip = Image.of(90, 30, new byte[90 * 30 * 3]);
    Set<Integer> places = new HashSet<>();
    for (int trial = 0; trial < 50; trial++) {
      Region region = crop.cutRegion(strip, random);
      assertThat(region.height()).isEqualTo(30);
      assertThat(region.width()).isBetween(45, 60); // 52 · √(3/4 to 4/3)
      assertThat(region.inside(90, 30)).isTrue();
      places.add(region.x());
    }
    assertThat(places.size()).isGreaterThan(10);
  }

  @Test
  void single_pixel_has_a_crop() {
    assertThat(new RandomResizedCrop(.08, 1).region(1, 1, random))
        .isEqualTo(new Region(0, 0, 1, 1));
  }

  @Test
  void refuses_areas_out_of_order() {
    assertThatThrownBy(() -> new RandomResizedCrop(.5, .2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0.5 to 0.2");
  }
}
