package downstream.pretrain.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RegionTest {
  @Test
  void overlap_is_shared_area_over_covered_area() {
    Region box = new Region(0, 0, 4, 4);
    assertThat(box.iou(box)).isEqualTo(1);
    assertThat(box.iou(new Region(2, 0, 4, 4))).isCloseTo(8 / 24.0, within(1e-12));
    assertThat(box.iou(new Region(4, 0, 4, 4))).isZero();
    assertThat(box.iou(new Region(9, 9, 1, 1))).isZero();
  }

  @Test
  void overlap_equals_a_count_of_pixels() {
    SplittableRandom random = new SplittableRandom(1);
    for (int trial = 0; trial < 100; trial++) {
      Region a = region(random);
      Region b = region(random);
      int shared = 0;
      int covered = 0;
      for (int i = 0; i < 400; i++) {
        boolean inA = holds(a, i % 20, i / 20);
        boolean inB = holds(b, i % 20, i / 20);
        shared += inA && inB ? 1 : 0;
        covered += inA || inB ? 1 : 0;
      }
      assertThat(a.iou(b)).isCloseTo((double) shared / covered, within(1e-12));
    }
  }

  private static Region region(SplittableRandom random) {
    return new Region(
        random.nextInt(10), random.nextInt(10), 1 + random.nextInt(10), 1 + random.nextInt(10));
  }

  private static boolean holds(Region box, int x, int y) {
    return x >= box.x() && x < box.x() + box.width() && y >= box.y() && y < box.y() + box.height();
  }

  @Test
  void lies_inside_an_image_that_it_just_fills() {
    assertThat(Region.whole(5, 3).inside(5, 3)).isTrue();
    assertThat(new Region(1, 0, 5, 3).inside(5, 3)).isFalse();
    assertThat(new Region(0, 1, 5, 3).inside(5, 3)).isFalse();
  }

  @Test
  void refuses_empty_sides_and_negative_corners() {
    assertThatThrownBy(() -> new Region(0, 0, 0, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(0, 0, 0, 3)");
    assertThatThrownBy(() -> new Region(-1, 0, 2, 3)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void intersection_is_what_both_have_or_nothing() {
    Region one = new Region(2, 3, 10, 10);
    assertThat(one.intersection(new Region(8, 0, 10, 5))).contains(new Region(8, 3, 4, 2));
    assertThat(one.intersection(new Region(4, 5, 2, 2))).contains(new Region(4, 5, 2, 2));
    assertThat(one.intersection(new Region(12, 3, 5, 5))).isEmpty();
    assertThat(one.intersection(new Region(0, 13, 40, 5))).isEmpty();
  }
}
