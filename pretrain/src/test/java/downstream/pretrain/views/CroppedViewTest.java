package downstream.pretrain.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CroppedViewTest {
  private final Region crop = new Region(10, 20, 40, 20);

  private CroppedView view(boolean flipped) {
    return new CroppedView(new float[0], 80, crop, flipped);
  }

  @Test
  void a_box_moves_and_scales_with_the_crop() {
    assertThat(view(false).map(new Region(15, 25, 10, 5))).contains(new ViewBox(10, 20, 30, 40));
  }

  @Test
  void a_mirrored_view_mirrors_boxes() {
    assertThat(view(true).map(new Region(15, 25, 10, 5))).contains(new ViewBox(50, 20, 70, 40));
  }

  @Test
  void a_box_that_sticks_out_is_clipped() {
    assertThat(view(false).map(new Region(0, 0, 20, 100))).contains(new ViewBox(0, 0, 20, 80));
    assertThat(view(true).map(new Region(0, 0, 20, 100))).contains(new ViewBox(60, 0, 80, 80));
    assertThat(view(true).map(crop)).contains(new ViewBox(0, 0, 80, 80));
  }

  @Test
  void a_box_beside_the_crop_is_not_in_the_view() {
    assertThat(view(false).map(new Region(0, 20, 10, 20))).isEmpty();
    assertThat(view(true).map(new Region(10, 40, 10, 20))).isEmpty();
  }

  @Test
  void a_view_box_has_an_inside() {
    assertThatThrownBy(() -> new ViewBox(3, 0, 3, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3.0, 0.0, 3.0, 1.0");
  }
}
