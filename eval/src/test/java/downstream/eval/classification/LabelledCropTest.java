package downstream.eval.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.annotation.Box;
import downstream.eval.data.annotation.Category;
import downstream.eval.data.image.Image;
import downstream.eval.data.image.ImageTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LabelledCropTest {
  private static LabelledCrop around(Box box, double margin) {
    return LabelledCrop.around(box, image(box), margin, 3, 1);
  }

  private static ImageRecord image(Box... boxes) {
    return new ImageRecord(1, "a.png", Path.of("a.png"), 100, 60, List.of(boxes), Optional.empty());
  }

  private static Box box(double x, double y, double width, double height) {
    return box(7, 1, x, y, width, height, false);
  }

  private static Box box(
      long id, long category, double x, double y, double width, double height, boolean crowd) {
    return new Box(
        id, category, x, y, width, height, width * height, crowd, false, Optional.empty());
  }

  @Test
  void a_window_has_the_longer_side_and_the_margin_around_the_centre() {
    assertThat(around(box(40, 20, 20, 10), 0)).isEqualTo(new LabelledCrop(3, 7, 1, 40, 15, 20));
    assertThat(around(box(40, 20, 20, 10), 0.1)).isEqualTo(new LabelledCrop(3, 7, 1, 38, 13, 24));
  }

  @Test
  void a_window_at_the_border_is_moved_inside() {
    assertThat(around(box(0, 0, 10, 10), 0.5)).isEqualTo(new LabelledCrop(3, 7, 1, 0, 0, 20));
    assertThat(around(box(90, 50, 10, 10), 0.5)).isEqualTo(new LabelledCrop(3, 7, 1, 80, 40, 20));
  }

  @Test
  void an_image_that_is_one_object_is_seen_whole() {
    LabelledCrop crop = around(Box.whole(7, 1, 100, 60), 0.1);
    assertThat(crop).isEqualTo(new LabelledCrop(3, 7, 1, 0, -20, 100));
    Image whole = ImageTest.random(100, 60, 1);
    Image cut = crop.cut(whole, 100, 0x010203);
    assertThat(cut.crop(0, 20, 100, 60)).isEqualTo(whole);
    assertThat(cut.at(50, 0)).isEqualTo(0x010203);
  }

  @Test
  void a_larger_scale_sees_a_part_and_a_smaller_one_more_than_the_window() {
    LabelledCrop crop = new LabelledCrop(0, 7, 1, 40, 20, 20);
    assertThat(crop.at(1, 0.3, 0.9)).isEqualTo(crop);
    assertThat(crop.at(2, 0, 0.999)).isEqualTo(new LabelledCrop(0, 7, 1, 40, 30, 10));
    assertThat(crop.at(0.5, 0, 0.999)).isEqualTo(new LabelledCrop(0, 7, 1, 20, 20, 40));
  }

  private static ImageSet set(List<Category> categories, ImageRecord... images) {
    return new ImageSet(
        "set", categories, List.of(), List.of(images), Set.of(), "fingerprint", List.of());
  }

  @Test
  void examples_are_the_boxes_that_are_large_enough_and_no_crowd() {
    List<Category> categories = List.of(new Category(5, "a"), new Category(9, "b"));
    ImageRecord first =
        image(
            box(1, 9, 0, 0, 20, 20, false),
            box(2, 5, 0, 0, 20, 7.5, false),
            box(3, 5, 0, 0, 20, 20, true),
            box(4, 5, 0, 0, 8, 8, false));

    LabelledCrops examples = LabelledCrops.of(set(categories, first), 0, 8);

    assertThat(examples.crops()).extracting(LabelledCrop::box).containsExactly(1L, 4L);
    assertThat(examples.crops()).extracting(LabelledCrop::label).containsExactly(1, 0);
    assertThat(examples.classes()).containsExactly("a", "b");
  }

  @Test
  void refuses_a_set_without_examples_or_with_one_class() {
    List<Category> one = List.of(new Category(1, "a"));
    assertThatThrownBy(() -> LabelledCrops.of(set(List.of(), image()), 0, 8))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("0 boxes of 0 classes have 8 pixels or more");
    assertThatThrownBy(() -> LabelledCrops.of(set(one, image(box(0, 0, 20, 20))), 0, 8))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("Classification needs image folders, or boxes, of two classes");
  }
}
