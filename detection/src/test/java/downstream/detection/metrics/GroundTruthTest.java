package downstream.detection.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.detection.metrics.mask.PolygonRaster;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.annotation.Box;
import downstream.eval.data.annotation.Category;
import downstream.eval.data.image.ImageSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GroundTruthTest {
  private static Optional<JsonNode> json(String segmentation) throws IOException {
    return Optional.of(Json.MAPPER.readTree(segmentation));
  }

  /** Images 3 and 7, classes 2 and 5; a square at the right edge of an image wider than high. */
  private static ImageSet set(Optional<JsonNode> segmentation) {
    Box square = new Box(11, 5, 6, 1, 2, 2, 3, false, false, segmentation);
    Box crowd = new Box(12, 2, 0, 0, 4, 4, 16, true, false, segmentation);
    return new ImageSet(
        "wide",
        List.of(new Category(2, "cat"), new Category(5, "dog")),
        List.of(),
        List.of(image(3), image(7, square, crowd)),
        Set.of(),
        "",
        List.of());
  }

  private static ImageRecord image(long id, Box... boxes) {
    Path file = Path.of(id + ".png");
    return new ImageRecord(id, id + ".png", file, 8, 4, List.of(boxes), Optional.empty());
  }

  @Test
  void objects_get_the_places_of_their_image_and_class_and_the_area_of_the_file() throws Exception {
    GroundTruth groundTruth = GroundTruth.of(set(json("[[6, 1, 8, 1, 8, 3, 6, 3]]")));
    assertThat(groundTruth.imageIds()).containsExactly(3L, 7L);
    assertThat(groundTruth.categoryNames()).containsExactly("cat", "dog");
    assertThat(groundTruth.sizes()).containsOnly(new ImageSize(8, 4));
    BoxTable boxes = groundTruth.boxes();
    assertThat(boxes.size).isEqualTo(2);
    assertThat(List.of(boxes.image[0], boxes.category[0], boxes.category[1]))
        .containsExactly(1, 1, 0);
    assertThat(boxes.area[0]).as("not 2 x 2").isEqualTo(3);
    assertThat(boxes.crowd.stream().toArray()).containsExactly(1);
    assertThat(boxes.mask(0)).as("nobody asked for masks").isEmpty();
  }

  @Test
  void masks_are_read_where_they_are_scored() throws IOException {
    ImageSet set = set(json("[[6, 1, 8, 1, 8, 3, 6, 3]]"));
    BoxTable boxes = GroundTruth.of(set, Iou.segm).boxes();
    assertThat(boxes.mask(0)).contains(PolygonRaster.box(new double[] {6, 1, 2, 2}, 4, 8));
    assertThat(boxes.mask(1)).isPresent();
  }

  @Test
  void refuses_to_score_masks_where_an_object_has_none_or_a_broken_one() throws IOException {
    assertThatThrownBy(() -> GroundTruth.of(set(Optional.empty()), Iou.segm))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("wide: annotation 11 of 7.png: has no mask");
    ImageSet broken = set(json("[[6, 1, 8, 1, 8, 3, 6]]"));
    assertThatThrownBy(() -> GroundTruth.of(broken, Iou.segm))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("a polygon has 7 numbers")
        .hasMessageContaining("Correct its segmentation");
  }
}
