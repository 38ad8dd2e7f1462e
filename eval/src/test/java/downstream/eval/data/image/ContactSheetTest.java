package downstream.eval.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ContactSheetTest {
  private static final int RED = 0xFF0000;

  @Test
  void a_row_is_as_high_as_its_highest_image() {
    Image sheet =
        new ContactSheet(2, 10)
            .add(Image.filled(10, 20, RED), "tall")
            .add(Image.filled(10, 10, RED), "square")
            .add(Image.filled(20, 10, RED), "flat")
            .draw();

    assertThat(sheet.width()).isEqualTo(6 + 2 * (10 + 6));
    assertThat(sheet.height()).isEqualTo(6 + (20 + 18 + 6) + (5 + 18 + 6));
    assertThat(sheet.at(6, 25)).isEqualTo(RED);
    assertThat(sheet.at(22, 17)).isNotEqualTo(RED);
    assertThat(sheet.at(6, 50)).isEqualTo(RED);
    assertThat(sheet.at(6, 55)).isNotEqualTo(RED);
  }
}
