package downstream.pretrain.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Boxes close to a region: {@link IntraJitter} of ORL, {@link IocaRegionView#jittered} of IOCA. */
class JitteredBoxTest {
  private final SplittableRandom random = new SplittableRandom(9);
  private final Region region = new Region(100, 80, 60, 40);

  @Test
  void orl_box_has_the_published_area_ratio_and_overlap() {
    double leastArea = 9;
    double mostArea = 0;
    double leastRatio = 9;
    double mostRatio = 0;
    for (int draw = 0; draw < 3000; draw++) {
      Region box = IntraJitter.draw(region, 320, 240, random);
      assertThat(box.iou(region)).isGreaterThan(.5);
      assertThat(box.inside(320, 240)).isTrue();
      leastArea = Math.min(leastArea, (double) box.area() / region.area());
      mostArea = Math.max(mostArea, (double) box.area() / region.area());
      leastRatio = Math.min(leastRatio, (double) box.width() / box.height());
      mostRatio = Math.max(mostRatio, (double) box.width() / box.height());
    }
    // an overlap of more than one half rules out the very ends of area and, for 60×40, a ratio of
    // less than about 0.67
    assertThat(leastArea).isCloseTo(.55, within(.06));
    assertThat(mostArea).isCloseTo(1.9, within(.15));
    assertThat(leastRatio).isBetween(.49, .9);
    assertThat(mostRatio).isBetween(1.9, 2.06);
  }

  @Test
  void orl_ratio_does_not_depend_on_the_regions() {
    Region strip = new Region(20, 100, 200, 20); // ten to one: nothing near it is two to one
    for (int draw = 0; draw < 20; draw++) {
      assertThat(IntraJitter.draw(strip, 320, 240, random)).isEqualTo(strip);
    }
  }

  @Test
  void ioca_box_moves_its_edges_and_keeps_half_of_the_overlap() {
    int moved = 0;
    double meanWidth = 0;
    for (int draw = 0; draw < 2000; draw++) {
      Region box = IocaRegionView.jittered(region, 320, 240, random);
      assertThat(box.iou(region)).isGreaterThanOrEqualTo(.5);
      assertThat(box.inside(320, 240)).isTrue();
      assertThat(box.x()).isBetween(85, 115);
      assertThat(box.y()).isBetween(70, 90);
      moved += box.equals(region) ? 0 : 1;
      meanWidth += box.width() / 2000.0;
    }
    assertThat(moved).isGreaterThan(1990);
    assertThat(meanWidth).isCloseTo(60, within(2.0));
  }

  @Test
  void a_region_as_large_as_the_image_stays_inside() {
    Region whole = Region.whole(50, 30);
    for (int draw = 0; draw < 100; draw++) {
      assertThat(IocaRegionView.jittered(whole, 50, 30, random).inside(50, 30)).isTrue();
      assertThat(IntraJitter.draw(whole, 50, 30, random).inside(50, 30)).isTrue();
    }
  }

  @Test
  void a_single_pixel_has_a_box() {
    Region pixel = new Region(7, 7, 1, 1);
    assertThat(IocaRegionView.jittered(pixel, 8, 8, random)).isEqualTo(pixel);
    assertThat(IntraJitter.draw(pixel, 8, 8, random)).isEqualTo(pixel);
  }
}
