package downstream.detection.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.detection.metrics.mask.PolygonRaster;
import downstream.detection.metrics.mask.Rle;
import downstream.eval.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segmentations as files bring them, through {@code score detection --iou segm}. */
class ScoreMasksTest {
  private static final String SQUARE = "[[2, 2, 8, 2, 8, 8, 2, 8]]";
  private static final String CROWD = "{\"size\": [12, 10], \"counts\": [26, 8, 86]}";

  @TempDir private Path folder;

  private static String groundTruth(String segmentation, int crowd) {
    return """
    {"images": [{"id": 1, "height": 12, "width": 10}], "categories": [{"id": 1, "name": "cat"}],
     "annotations": [{"id": 5, "image_id": 1, "category_id": 1, "bbox": [2, 2, 6, 6], "area": 36,
       "iscrowd": %d, "segmentation": %s}]}
    """
        .formatted(crowd, segmentation);
  }

  private static String found(String segmentation) {
    return "[{\"image_id\": 1, \"category_id\": 1, \"score\": 0.5, \"segmentation\": "
        + segmentation
        + "}]";
  }

  private CommandLine score(String groundTruth, String results, String... more) throws IOException {
    Path gt = Files.writeString(folder.resolve("gt.json"), groundTruth);
    Path dt = Files.writeString(folder.resolve("dt.json"), results);
    List<String> arguments = new ArrayList<>(List.of("score", "detection", "--format", "json"));
    arguments.addAll(List.of("--gt", gt.toString(), "--predictions", dt.toString()));
    arguments.addAll(more.length == 0 ? List.of("--iou", "segm") : List.of(more));
    return CommandLine.run(arguments.toArray(String[]::new));
  }

  private static double ap(CommandLine outcome) throws IOException {
    assertThat(outcome.code()).as(outcome.err()).isZero();
    return Json.MAPPER.readTree(outcome.out()).path("metrics").path("AP").asDouble(-1);
  }

  private static String text() {
    Rle mask = PolygonRaster.box(new double[] {2, 2, 6, 6}, 12, 10);
    return "{\"size\": [12, 10], \"counts\": \"" + mask.counts().replace("\\", "\\\\") + "\"}";
  }

  @Test
  void polygons_runs_and_text_are_one_mask() throws IOException {
    assertThat(ap(score(groundTruth(SQUARE, 0), found(text())))).isGreaterThan(0.999);
    assertThat(ap(score(groundTruth(text(), 0), found(SQUARE)))).isGreaterThan(0.999);
    String runs = "{\"size\": [12, 10], \"counts\": [26, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 28]}";
    assertThat(ap(score(groundTruth(SQUARE, 0), found(runs)))).isGreaterThan(0.999);
  }

  @Test
  void crowds_come_as_runs_or_text_and_absorb_what_lies_in_them() throws IOException {
    JsonNode json = Json.MAPPER.readTree(score(groundTruth(CROWD, 1), found(CROWD)).out());
    assertThat(json.path("counts").path("crowd").intValue()).isEqualTo(1);
    assertThat(json.path("metrics").get("AP").isNull()).as("a crowd is not counted").isTrue();
    assertThat(score(groundTruth(text(), 1), found(text())).code()).isZero();
  }

  @Test
  void masks_stand_in_for_boxes_that_results_do_not_have() throws IOException {
    assertThat(ap(score(groundTruth(SQUARE, 0), found(text()), "--iou", "bbox")))
        .isGreaterThan(0.999);
  }

  @Test
  void an_empty_segmentation_is_no_mask() throws IOException {
    assertThat(score(groundTruth("[]", 0), found(text())).err())
        .contains("gt.json: annotation 5 has no mask")
        .contains("--iou bbox");
    assertThat(ap(score(groundTruth("[]", 0), "[]", "--iou", "bbox"))).isZero();
  }

  @Test
  void a_polygon_of_two_points_is_left_out_and_alone_it_is_no_mask() throws IOException {
    String both = "[[1, 1, 5, 5], [2, 2, 8, 2, 8, 8, 2, 8]]";
    CommandLine outcome = score(groundTruth(both, 0), found(text()));
    assertThat(ap(outcome)).isGreaterThan(0.999);
    assertThat(outcome.out()).contains("1 polygons with fewer than three corners");
    assertThat(score(groundTruth("[[1, 1, 5, 5]]", 0), found(text())).err())
        .contains("has no mask");
  }

  @Test
  void pycocotools_takes_two_points_for_a_box() throws IOException {
    String box = "[[2, 2, 6, 6]]";
    assertThat(
            ap(
                score(
                    groundTruth(box, 0),
                    found(text()),
                    "--iou",
                    "segm",
                    "--compat",
                    "pycocotools")))
        .isGreaterThan(0.999);
  }

  @Test
  void refuses_segmentations_that_are_none() throws IOException {
    refused("[[1, 2, 3, 4, 5, 6, 7]]", "annotation 5: a polygon has 7 numbers");
    refused("[1, 2, 3, 4, 5, 6]", "a polygon must be a list of numbers, found '1'");
    refused("[[1, 2, NaN, 4, 5, 6]]", "must hold finite numbers, found 'NaN'");
    refused("\"x\"", "must be a list of polygons or RLE, found 'x'");
    refused("{\"counts\": [120]}", "RLE needs size [height, width] and counts");
    refused("{\"size\": [12, 10], \"counts\": [7]}", "runs cover 7 pixels of 12 x 10");
    refused("{\"size\": [12, 10], \"counts\": [1.5]}", "must hold whole numbers, found 1.5");
    refused("{\"size\": [12, 10], \"counts\": \"~\"}", "character '~' at 0 cannot occur");
  }

  private void refused(String segmentation, String message) throws IOException {
    CommandLine outcome = score(groundTruth(segmentation, 0), found(text()));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("gt.json").contains(message);
  }

  @Test
  void results_without_masks_are_refused_naming_the_entry() throws IOException {
    String boxes = found("[2, 2, 6, 6]").replace("segmentation", "bbox");
    CommandLine outcome = score(groundTruth(SQUARE, 0), boxes);
    assertThat(outcome.err()).contains("result #1 has no segmentation").contains("--iou bbox");
    assertThat(ap(score(groundTruth(SQUARE, 0), boxes, "--iou", "segm", "--compat", "pycocotools")))
        .isGreaterThan(0.999);
  }

  @Test
  void a_mask_of_another_size_matches_nothing_and_is_warned_of() throws IOException {
    String other = "{\"size\": [10, 12], \"counts\": [26, 8, 86]}";
    CommandLine outcome = score(groundTruth(SQUARE, 0), found(other));
    assertThat(ap(outcome)).isZero();
    assertThat(outcome.out()).contains("masks have another size than their image");
  }

  @Test
  void an_image_without_a_size_has_no_polygons() throws IOException {
    String groundTruth = groundTruth(SQUARE, 0).replace("\"height\": 12, ", "");
    assertThat(score(groundTruth, found(text())).err())
        .contains("a polygon needs the height and width of its image");
  }
}
