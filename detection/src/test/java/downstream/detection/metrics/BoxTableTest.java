package downstream.detection.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.detection.metrics.mask.Rle;
import org.junit.jupiter.api.Test;

class BoxTableTest {
  @Test
  void keeps_every_column_while_it_grows() {
    BoxTable table = new BoxTable();
    for (int i = 0; i < 5000; i++) {
      assertThat(table.add(i % 7, i % 3, i, -i, 2, i, i * 0.5)).isEqualTo(i);
    }
    assertThat(table.size).isEqualTo(5000);
    for (int i = 0; i < 5000; i += 499) {
      assertThat(table.image[i]).isEqualTo(i % 7);
      assertThat(table.category[i]).isEqualTo(i % 3);
      assertThat(table.x[i]).isEqualTo(i);
      assertThat(table.y[i]).isEqualTo(0.0 - i);
      assertThat(table.width[i]).isEqualTo(2);
      assertThat(table.height[i]).isEqualTo(i);
      assertThat(table.area[i]).isEqualTo(2.0 * i);
      assertThat(table.score[i]).isEqualTo(i * 0.5);
    }
  }

  @Test
  void orders_rows_by_category_then_image_then_row() {
    BoxTable table = new BoxTable();
    table.add(1, 1, 0, 0, 1, 1, 0);
    table.add(1, 0, 0, 0, 1, 1, 0);
    table.add(0, 1, 0, 0, 1, 1, 0);
    table.add(1, 0, 0, 0, 1, 1, 0);
    assertThat(table.byCategoryAndImage(2, 2)).containsExactly(1, 3, 2, 0);
    assertThat(table.byImageAndCategory(2, 2)).containsExactly(2, 1, 3, 0);
  }

  @Test
  void orders_rows_by_image_then_row() {
    BoxTable table = new BoxTable();
    table.add(1, 0, 0, 0, 1, 1, 0);
    table.add(0, 1, 0, 0, 1, 1, 0);
    table.add(1, 1, 0, 0, 1, 1, 0);
    assertThat(table.byImage(3)).containsExactly(1, 0, 2);
  }

  private static BoxTable one(double x, double y, double width, double height) {
    BoxTable table = new BoxTable();
    table.add(0, 0, x, y, width, height, 0);
    return table;
  }

  /** 4 × 6 and 8 × 5, of which 2 × 3 are common: 6 of 24 + 40 - 6, and of 24 in a crowd. */
  @Test
  void overlap_is_that_of_the_union_or_in_a_crowd_of_the_detection() {
    BoxTable detection = one(10, 20, 4, 6);
    BoxTable object = one(12, 18, 8, 5);
    assertThat(BoxTable.overlap(detection, 0, object, 0)).isEqualTo(6 / 58.0);
    assertThat(BoxTable.overlap(object, 0, detection, 0)).isEqualTo(6 / 58.0);
    object.crowd.set(0);
    assertThat(BoxTable.overlap(detection, 0, object, 0)).isEqualTo(0.25);
    assertThat(Overlaps.of(Iou.bbox, detection, object).of(0, 0)).isEqualTo(0.25);
    assertThat(Overlaps.withoutCrowds(Iou.bbox, detection, object).of(0, 0)).isEqualTo(6 / 58.0);
  }

  @Test
  void boxes_that_touch_lie_apart_or_are_empty_do_not_overlap() {
    BoxTable detection = one(10, 20, 4, 6);
    assertThat(BoxTable.overlap(detection, 0, one(14, 20, 4, 6), 0)).isZero();
    assertThat(BoxTable.overlap(detection, 0, one(30, 50, 4, 6), 0)).isZero();
    assertThat(BoxTable.overlap(detection, 0, one(10, 50, 4, 6), 0)).isZero();
    assertThat(BoxTable.overlap(one(1, 1, 0, 4), 0, one(1, 1, 0, 4), 0)).isZero();
    assertThat(BoxTable.overlap(one(1, 1, 4, 0), 0, one(1, 1, 4, 0), 0)).isZero();
  }

  @Test
  void only_rows_that_were_given_a_mask_have_one() {
    BoxTable table = one(0, 0, 2, 2);
    int second = table.add(0, 0, 0, 0, 1, 1, 0);
    assertThat(table.mask(0)).isEmpty();
    Rle mask = Rle.ofPixels(new boolean[] {true, false, false, true}, 2, 2);
    table.mask(second, mask);
    assertThat(table.mask(0)).isEmpty();
    assertThat(table.mask(second)).contains(mask);
    assertThatThrownBy(() -> Overlaps.of(Iou.segm, table, table))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("row 0 has no mask");
  }
}
