package downstream.detection.metrics.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.DetectionResults;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.Iou;
import downstream.detection.metrics.mask.PolygonRaster;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.data.image.ImageSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsReaderTest {
  private static final EvaluatorSettings COCO = EvaluatorSettings.COCO;
  private static final EvaluatorSettings MASKS = COCO.on(Iou.segm);
  private static final EvaluatorSettings COMPATIBLE_MASKS =
      new EvaluatorSettings(true, false, List.of(1, 10, 100)).on(Iou.segm);
  private static final String BOX = "'bbox': [1, 2, 3, 4]";
  private static final String SQUARE = "'segmentation': [[2, 1, 6, 1, 6, 4, 2, 4]]";

  @TempDir private Path folder;

  /** Images 3 and 9 of 8 by 6 pixels, classes 2 and 4. */
  private static GroundTruth groundTruth(Optional<GroundTruth.Names> names) {
    List<ImageSize> sizes = List.of(new ImageSize(8, 6), new ImageSize(8, 6));
    return new GroundTruth(
        List.of(3L, 9L),
        List.of(2L, 4L),
        List.of("cat", "dog"),
        sizes,
        new BoxTable(),
        names,
        Optional.empty(),
        List.of());
  }

  private static final GroundTruth PLAIN = groundTruth(Optional.empty());

  private static String found(String... fields) {
    return "{'image_id': 9, 'category_id': 2, 'score': 0.5, " + String.join(", ", fields) + "}";
  }

  private static DetectionResults read(
      EvaluatorSettings settings, GroundTruth groundTruth, String... entries) throws IOException {
    String json = "[" + String.join(", ", entries) + "]";
    return ResultsReader.read(
        "dt", Json.MAPPER.readTree(json.replace('\'', '"')), groundTruth, settings);
  }

  private static void refused(EvaluatorSettings settings, String message, String... entries) {
    assertThatThrownBy(() -> read(settings, PLAIN, entries))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(message);
  }

  @Test
  void rows_have_the_places_of_image_and_class_and_the_files_numbers() throws IOException {
    DetectionResults results = read(COCO, PLAIN, found(BOX, "'x': [1]"));
    BoxTable boxes = results.boxes();
    assertThat(List.of(boxes.size, boxes.image[0], boxes.category[0])).containsExactly(1, 1, 0);
    assertThat(
            List.of(
                boxes.x[0],
                boxes.y[0],
                boxes.width[0],
                boxes.height[0],
                boxes.score[0],
                boxes.area[0]))
        .containsExactly(1.0, 2.0, 3.0, 4.0, 0.5, 12.0);
    assertThat(results.warnings()).isEmpty();
    assertThat(read(COCO, PLAIN, found(BOX, "'segmentation': 'x'")).boxes().mask(0))
        .as("not looked at beside a box")
        .isEmpty();
  }

  @Test
  void an_entry_needs_image_class_and_score() {
    refused(COCO, "result #1 has no image_id", found(BOX).replace("'image_id': 9,", ""));
    refused(
        COCO,
        "result #2 has no category_id",
        found(BOX),
        found(BOX).replace("'category_id': 2,", ""));
    refused(COCO, "result #1 has no score", found(BOX).replace("'score': 0.5,", ""));
    refused(COCO, "image_id 4 is not in the ground truth", found(BOX).replace(": 9", ": 4"));
    refused(COCO, "a result must be an object, found VALUE_NUMBER_INT", "7");
  }

  @Test
  void one_array_is_the_whole_file() throws IOException {
    Path file = Files.writeString(folder.resolve("dt.json"), "[] []");
    assertThatThrownBy(() -> ResultsReader.read(file, PLAIN))
        .hasMessageContaining("unexpected content after the array");
  }

  @Test
  void classes_without_an_entry_are_counted_and_images_are_not_forgiven() throws IOException {
    DetectionResults results =
        read(COCO, PLAIN, found(BOX), found(BOX).replace("'category_id': 2", "'category_id': 3"));
    assertThat(results.boxes().size).isEqualTo(1);
    assertThat(results.unknownCategory()).isEqualTo(1);
    assertThat(results.warnings())
        .containsExactly("1 detections of categories without an entry were dropped");
  }

  @Test
  void names_stand_for_numbers_where_the_ground_truth_has_names() throws IOException {
    GroundTruth named =
        groundTruth(Optional.of(new GroundTruth.Names(List.of("a", "b"), List.of("cat", "dog"))));
    String byName =
        found(BOX).replace("9", "'b'").replace("'category_id': 2", "'category_id': 'cat'");
    BoxTable boxes = read(COCO, named, byName, found(BOX)).boxes();
    assertThat(Arrays.copyOf(boxes.image, 2)).containsExactly(1, 1);
    assertThat(Arrays.copyOf(boxes.category, 2)).containsExactly(0, 0);
    assertThat(read(COCO, named, byName.replace("cat'", "cow'")).unknownCategory()).isEqualTo(1);
    refused(COCO, "category_id must be a whole number, found 'cat'", byName);
  }

  @Test
  void negative_sides_are_counted() throws IOException {
    DetectionResults results =
        read(
            COCO,
            PLAIN,
            found("'bbox': [1, 2, -3, 4]"),
            found("'bbox': [1, 2, 3, -4]"),
            found("'bbox': [1, 2, 0, 0]"),
            found(BOX));
    assertThat(results.boxes().size).isEqualTo(4);
    assertThat(results.warnings())
        .containsExactly("2 detections have a negative width or height: they match nothing");
  }

  @Test
  void a_mask_stands_in_for_a_missing_box_with_its_own_area() throws IOException {
    String corner = "'segmentation': {'size': [6, 8], 'counts': [13, 3, 3, 1, 28]}";
    BoxTable boxes = read(COCO, PLAIN, found(corner)).boxes();
    assertThat(List.of(boxes.x[0], boxes.y[0], boxes.width[0], boxes.height[0]))
        .containsExactly(2.0, 1.0, 2.0, 3.0);
    assertThat(boxes.area[0]).as("four pixels of six").isEqualTo(4);
    refused(COCO, "result #1 has no bbox", found("'segmentation': []"));
  }

  @Test
  void masks_go_by_their_own_area_and_by_the_boxs_as_pycocotools_has_it() throws IOException {
    DetectionResults masks = read(MASKS, PLAIN, found(BOX, SQUARE), found(SQUARE));
    assertThat(masks.boxes().mask(0)).contains(PolygonRaster.box(new double[] {2, 1, 4, 3}, 6, 8));
    assertThat(masks.boxes().x[0]).as("the file's box").isEqualTo(1);
    assertThat(masks.boxes().x[1]).as("the box around the mask").isEqualTo(2);
    assertThat(masks.warnings())
        .containsExactly(
            "1 masks also have a box: their sizes go by the mask (pycocotools goes by the box)");
    String small = found("'bbox': [1, 2, 3, 3]", SQUARE);
    assertThat(read(MASKS, PLAIN, small).boxes().area[0]).isEqualTo(12);
    DetectionResults compatible = read(COMPATIBLE_MASKS, PLAIN, small);
    assertThat(compatible.boxes().area[0]).isEqualTo(9);
    assertThat(compatible.warnings())
        .containsExactly("1 masks also have a box: their sizes go by it, as in pycocotools");
    assertThat(read(COMPATIBLE_MASKS, PLAIN, found(SQUARE), small).boxes().area[1])
        .as("the first result says what all hold")
        .isEqualTo(12);
  }

  @Test
  void only_pycocotools_takes_a_box_for_a_mask() throws IOException {
    refused(MASKS, "result #1 has no segmentation", found(BOX));
    refused(COMPATIBLE_MASKS, "result #1 has no segmentation", found("'x': 1"));
    DetectionResults results = read(COMPATIBLE_MASKS, PLAIN, found(BOX));
    assertThat(results.boxes().mask(0))
        .contains(PolygonRaster.box(new double[] {1, 2, 3, 4}, 6, 8));
    assertThat(results.warnings()).as("the box is no second thing").isEmpty();
  }

  @Test
  void masks_of_another_height_or_width_are_counted() throws IOException {
    String higher = "'segmentation': {'size': [7, 8], 'counts': [56]}";
    String wider = "'segmentation': {'size': [6, 9], 'counts': [54]}";
    assertThat(read(MASKS, PLAIN, found(higher), found(wider), found(SQUARE)).warnings())
        .containsExactly("2 masks have another size than their image: they match nothing");
    refused(MASKS, "result #1: a polygon has 7", found("'segmentation': [[2, 1, 6, 1, 6, 4, 2]]"));
  }

  @Test
  void boxes_and_masks_come_of_one_reading() throws IOException {
    String entries = "[" + found("'bbox': [1, 2, -3, 4]", SQUARE) + ", " + found(BOX, SQUARE) + "]";
    Path file = Files.writeString(folder.resolve("dt.json"), entries.replace('\'', '"'));
    DetectionResults.BoxesAndMasks both = ResultsReader.readBoth(file, PLAIN, COCO);
    assertThat(both.boxes().boxes().mask(1)).isEmpty();
    assertThat(both.masks().boxes().mask(1)).isPresent();
    assertThat(both.boxes().warnings()).hasSize(1).first().asString().contains("negative");
    assertThat(both.masks().warnings()).hasSize(1).first().asString().contains("2 masks also");
  }

  @Test
  void places_given_before_the_ground_truth_is_known_settle_or_change_nothing() throws IOException {
    String entries = "[" + found(BOX) + ", " + found(BOX).replace(": 9", ": 3") + "]";
    Path file = Files.writeString(folder.resolve("dt.json"), entries.replace('\'', '"'));
    IdIndex.Provisional ids = new IdIndex.Provisional();
    BoxTable boxes = ResultsReader.readAhead(file, COCO, ids).boxes();
    assertThat(Arrays.copyOf(boxes.image, 2)).as("by appearance").containsExactly(0, 1);
    GroundTruth lacksImage =
        new GroundTruth(List.of(9L), List.of(2L), List.of("a"), boxes, List.of());
    GroundTruth lacksClass =
        new GroundTruth(List.of(3L, 9L), List.of(4L), List.of("a"), boxes, List.of());
    assertThat(ids.settle(boxes, lacksImage)).isFalse();
    assertThat(ids.settle(boxes, lacksClass)).isFalse();
    assertThat(Arrays.copyOf(boxes.image, 2)).containsExactly(0, 1);
    assertThat(ids.settle(boxes, PLAIN)).isTrue();
    assertThat(Arrays.copyOf(boxes.image, 2)).containsExactly(1, 0);
    assertThat(Arrays.copyOf(boxes.category, 2)).containsExactly(0, 0);
  }
}
