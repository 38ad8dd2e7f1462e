package downstream.detection.metrics;

import static org.assertj.core.api.Assertions.assertThat;

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
      assertThat(table.x[i]).isEqualTo(i);
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
}
