package downstream.detection.metrics.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.Convention;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.Federation;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.Iou;
import downstream.detection.metrics.mask.PolygonRaster;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.data.image.ImageSize;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Annotation files in memory, by the settings that change what is read of them. */
class CocoGroundTruthReaderTest {
  private static final EvaluatorSettings COCO = EvaluatorSettings.COCO;
  private static final EvaluatorSettings PYCOCOTOOLS =
      new EvaluatorSettings(true, false, List.of(100));
  private static final EvaluatorSettings MASKS = COCO.on(Iou.segm);

  private static EvaluatorSettings by(Convention convention) {
    return new EvaluatorSettings(Iou.bbox, false, false, convention, List.of(300));
  }

  /** Images 3 and 9 of 8 by 6 pixels, classes 2 and 4, and these annotations. */
  private static String file(String... annotations) {
    return "{'info': [{'id': 'x'}], 'annotations': ["
        + String.join(", ", annotations)
        + "], 'categories': [{'id': 4, 'name': 'dog'}, {'id': 2}],"
        + " 'images': [{'id': 9, 'width': 8, 'height': 6, 'file_name': 'b'},"
        + " {'id': 3, 'width': 8, 'height': 6}]}";
  }

  /** Annotation 1 of image 9 and class 2 with further fields. */
  private static String object(String... fields) {
    return "{'id': 1, 'image_id': 9, 'category_id': 2, " + String.join(", ", fields) + "}";
  }

  private static final String BOX = "'bbox': [1, 2, 3, 4]";
  private static final String SQUARE = "'segmentation': [[2, 1, 6, 1, 6, 4, 2, 4]]";

  private static GroundTruth read(EvaluatorSettings settings, String json) throws IOException {
    return CocoGroundTruthReader.read(
        "gt", Json.MAPPER.readTree(json.replace('\'', '"')), settings);
  }

  private static void refused(EvaluatorSettings settings, String json, String message) {
    assertThatThrownBy(() -> read(settings, json))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(message);
  }

  @Test
  void ids_become_places_in_ascending_order_whatever_the_order_of_the_file() throws IOException {
    GroundTruth groundTruth = read(COCO, file(object(BOX)));
    assertThat(groundTruth.imageIds()).containsExactly(3L, 9L);
    assertThat(groundTruth.categoryIds()).containsExactly(2L, 4L);
    assertThat(groundTruth.categoryNames())
        .as("a class without a name")
        .containsExactly("2", "dog");
    assertThat(groundTruth.federation()).isEmpty();
    assertThat(groundTruth.names()).isEmpty();
    BoxTable boxes = groundTruth.boxes();
    assertThat(boxes.size).isEqualTo(1);
    assertThat(List.of(boxes.image[0], boxes.category[0])).containsExactly(1, 0);
    assertThat(List.of(boxes.x[0], boxes.y[0], boxes.width[0], boxes.height[0]))
        .containsExactly(1.0, 2.0, 3.0, 4.0);
  }

  @Test
  void area_is_the_files_or_else_that_of_the_box_with_a_warning() throws IOException {
    assertThat(read(COCO, file(object(BOX, "'area': 5"))).boxes().area[0]).isEqualTo(5);
    assertThat(read(COCO, file(object(BOX, "'area': 5"))).warnings()).isEmpty();
    GroundTruth without = read(COCO, file(object(BOX)));
    assertThat(without.boxes().area[0]).isEqualTo(12);
    assertThat(without.warnings())
        .containsExactly("1 annotations have no area: width x height was taken");
  }

  @Test
  void whole_numbers_may_be_written_with_a_point_and_nothing_else_is_an_id() throws IOException {
    assertThat(read(COCO, file(object(BOX)).replace("'image_id': 9", "'image_id': 9.0")).boxes())
        .extracting(boxes -> boxes.image[0])
        .isEqualTo(1);
    for (String wrong :
        List.of("9.5", "'9'", "9007199254740992.0", "-9007199254740992.0", "null")) {
      refused(
          COCO,
          file(object(BOX)).replace("'image_id': 9", "'image_id': " + wrong),
          "image_id must be a whole number, found '");
    }
  }

  @Test
  void boxes_are_four_finite_numbers() {
    refused(COCO, file(object("'bbox': 7")), "bbox must be [x, y, width, height], found '7'");
    refused(COCO, file(object("'bbox': [1, 2, 3]")), "bbox must have 4 numbers, found 3");
    refused(COCO, file(object("'bbox': [1, 2, 3, 4, 5]")), "bbox must have 4 numbers, found 5");
    refused(
        COCO, file(object("'bbox': [1, 2, 3, 'x']")), "bbox must be a finite number, found 'x'");
    refused(COCO, file(object(BOX, "'area': 'x'")), "area must be a finite number, found 'x'");
    refused(COCO, file(object("'bbox': []")), "annotation 1 has no bbox");
  }

  @Test
  void only_pycocotools_takes_negative_sides() throws IOException {
    for (String box : List.of("'bbox': [1, 2, -3, 4]", "'bbox': [1, 2, 3, -4]")) {
      refused(COCO, file(object(box)), "annotation 1 has a negative width or height");
      assertThat(read(PYCOCOTOOLS, file(object(box))).boxes().size).isEqualTo(1);
    }
    assertThat(read(COCO, file(object("'bbox': [1, 2, 0, 0]"))).boxes().size).isEqualTo(1);
  }

  @Test
  void an_entry_is_an_object_that_has_its_ids() {
    refused(COCO, "[]", "ground truth must be a JSON object");
    refused(COCO, file("7"), "an entry must be an object, found VALUE_NUMBER_INT");
    refused(COCO, file("{'image_id': 9}"), "an annotation has no id");
    refused(COCO, file("{'id': 5, 'category_id': 2}"), "annotation 5 has no image_id");
    refused(COCO, file("{'id': 5, 'image_id': 9}"), "annotation 5 has no category_id");
    refused(COCO, "{'images': [{}]}", "an image has no id");
    refused(COCO, "{'categories': [{'name': 'a'}]}", "a category has no id");
  }

  @Test
  void lists_that_are_none_are_passed_over() throws IOException {
    refused(COCO, "{'images': {'id': 3}, 'annotations': []}", "lists no images");
    String none = "{'images': [{'id': 3}], 'categories': {'a': [{}]}, 'annotations': {'a': [{}]}}";
    assertThat(read(COCO, none).categoryIds()).isEmpty();
    assertThat(read(COCO, none).boxes().size).isZero();
  }

  @Test
  void unlisted_images_and_categories_are_refused_or_dropped_as_by_pycocotools()
      throws IOException {
    String image = object(BOX).replace("'image_id': 9", "'image_id': 8");
    String category = object(BOX).replace("'category_id': 2", "'category_id': 3");
    refused(COCO, file(image), "annotation 1 names image 8, which the file does not list");
    refused(COCO, file(category), "annotation 1 names category 3, which the file does not list");
    GroundTruth dropped = read(PYCOCOTOOLS, file(image, category));
    assertThat(dropped.boxes().size).isZero();
    assertThat(dropped.warnings())
        .contains("2 annotations of unlisted images or categories were dropped");
  }

  @Test
  void crowds_are_marked_by_a_boolean_or_a_number_and_lvis_has_none() throws IOException {
    for (String crowd : List.of("1", "true", "0.5")) {
      String file = file(object(BOX, "'iscrowd': " + crowd));
      assertThat(read(COCO, file).boxes().crowd.get(0)).as(crowd).isTrue();
      assertThat(read(by(Convention.lvis), file).boxes().crowd.get(0)).isFalse();
    }
    for (String none : List.of("0", "false", "'1'")) {
      String file = file(object(BOX, "'iscrowd': " + none));
      assertThat(read(COCO, file).boxes().crowd.get(0)).as(none).isFalse();
    }
  }

  @Test
  void lvis_means_ignore_voc_difficult_too_and_coco_neither() throws IOException {
    assertThat(ignored(Convention.coco, "'ignore': 1")).isFalse();
    assertThat(ignored(Convention.coco, "'difficult': 1")).isFalse();
    assertThat(ignored(Convention.lvis, "'ignore': 1")).isTrue();
    assertThat(ignored(Convention.lvis, "'difficult': 1")).isFalse();
    assertThat(ignored(Convention.voc12, "'ignore': 1")).isTrue();
    assertThat(ignored(Convention.voc07, "'difficult': 1")).isTrue();
    assertThat(ignored(Convention.voc07, "'difficult': 0")).isFalse();
    assertThat(ignored(Convention.voc07, "'difficult': 1, 'ignore': 0")).as("either").isTrue();
  }

  private static boolean ignored(Convention convention, String field) throws IOException {
    return read(by(convention), file(object(BOX, field))).boxes().ignored.get(0);
  }

  @Test
  void lvis_says_which_classes_were_looked_for() throws IOException {
    String file =
        file(object(BOX))
            .replace("'file_name': 'b'", "'neg_category_ids': [4, 7], 'x': [1]")
            .replace("{'id': 3,", "{'id': 3, 'not_exhaustive_category_ids': [2],")
            .replace("'name': 'dog'", "'name': 'dog', 'frequency': 'r'");
    Federation federation = read(by(Convention.lvis), file).federation().orElseThrow();
    assertThat(federation.frequency()).containsExactly("", "r");
    assertThat(federation.absent()).as("class 7 is not listed").containsExactly(1 * 2 + 1L);
    assertThat(federation.partial()).containsExactly(0L);
    assertThat(read(COCO, file.replace("[4, 7]", "'any'")).federation()).isEmpty();
    String none = file.replace("[4, 7]", "{'a': 4}");
    assertThat(read(by(Convention.lvis), none).federation().orElseThrow().absent()).isEmpty();
  }

  @Test
  void id_0_is_lost_by_pycocotools_and_said_to_be_elsewhere() throws IOException {
    String file = file(object(BOX, "'area': 1").replace("'id': 1", "'id': 0"));
    GroundTruth plain = read(COCO, file);
    assertThat(plain.boxes().matchIsLost.get(0)).isFalse();
    assertThat(plain.warnings())
        .containsExactly(
            "an annotation has id 0: it is counted right here, pycocotools never matches it");
    GroundTruth lost = read(PYCOCOTOOLS, file);
    assertThat(lost.boxes().matchIsLost.get(0)).isTrue();
    assertThat(lost.warnings())
        .containsExactly("the annotation with id 0 counts as never matched, as in pycocotools");
    GroundTruth other = read(PYCOCOTOOLS, file(object(BOX, "'area': 1")));
    assertThat(other.boxes().matchIsLost.isEmpty()).isTrue();
    assertThat(other.warnings()).isEmpty();
  }

  @Test
  void ids_that_come_twice_are_warned_of() throws IOException {
    String same = object(BOX, "'area': 1");
    assertThat(read(COCO, file(same, same)).warnings())
        .containsExactly(
            "1 annotation ids are used twice: counted apart, pycocotools mixes them up");
  }

  @Test
  void masks_bring_box_and_area_where_they_are_scored() throws IOException {
    GroundTruth masks = read(MASKS, file(object(SQUARE)));
    BoxTable boxes = masks.boxes();
    assertThat(boxes.mask(0)).contains(PolygonRaster.box(new double[] {2, 1, 4, 3}, 6, 8));
    assertThat(List.of(boxes.x[0], boxes.y[0], boxes.width[0], boxes.height[0], boxes.area[0]))
        .containsExactly(2.0, 1.0, 4.0, 3.0, 12.0);
    assertThat(masks.sizes()).containsOnly(new ImageSize(8, 6));
    assertThat(masks.warnings())
        .containsExactly("1 annotations have no area: the mask's was taken");
    GroundTruth boxed = read(MASKS, file(object(BOX, SQUARE, "'area': 5")));
    assertThat(boxed.boxes().x[0]).as("the file's box").isEqualTo(1);
    assertThat(boxed.boxes().area[0]).isEqualTo(5);
    assertThat(read(COCO, file(object(BOX, "'segmentation': 'x'"))).boxes().mask(0)).isEmpty();
    refused(COCO, file(object(SQUARE)), "annotation 1 has no bbox");
    refused(MASKS, file(object(BOX)), "annotation 1 has no mask");
    refused(MASKS, file(object("'segmentation': 'x'")), "must be a list of polygons or RLE");
  }

  @Test
  void polygons_of_two_corners_are_counted_where_they_are_left_out() throws IOException {
    String both = SQUARE.replace("[[", "[[1, 1, 5, 5], [");
    assertThat(read(MASKS, file(object(both, "'area': 1"))).warnings())
        .containsExactly(
            "1 polygons with fewer than three corners enclose nothing and were left out");
    String last = SQUARE.replace("]]", "], [1, 1, 5, 5]]");
    EvaluatorSettings compatible = PYCOCOTOOLS.on(Iou.segm);
    assertThat(read(compatible, file(object(last, "'area': 1"))).warnings()).isEmpty();
  }

  @Test
  void sides_are_pixels_where_masks_are_scored_and_ignored_elsewhere() throws IOException {
    for (int side : List.of(0, -1, 32769)) {
      String file = file().replace("'height': 6", "'height': " + side);
      refused(MASKS, file, "an image has height " + side);
      assertThat(read(COCO, file).sizes()).containsOnly(new ImageSize(0, 0));
    }
    refused(MASKS, file().replace("'width': 8", "'width': 0"), "an image has width 0");
    for (int side : List.of(1, 32768)) {
      ObjectNode tree = (ObjectNode) Json.MAPPER.readTree(file().replace('\'', '"'));
      ((ObjectNode) tree.at("/images/0")).put("width", side);
      assertThat(CocoGroundTruthReader.read("gt", tree, MASKS).sizes())
          .isEqualTo(Arrays.asList(new ImageSize(8, 6), new ImageSize(side, 6)));
    }
  }
}
