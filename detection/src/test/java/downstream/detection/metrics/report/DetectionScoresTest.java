package downstream.detection.metrics.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.CommandLine;
import downstream.detection.metrics.DetectionResults;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.MetricValue;
import downstream.detection.metrics.Scene;
import downstream.detection.metrics.coco.CocoEvaluator;
import downstream.detection.metrics.coco.MatchTable;
import downstream.detection.metrics.io.ResultsWriter;
import downstream.detection.metrics.mask.PolygonRaster;
import downstream.detection.metrics.mask.Rle;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.annotation.Box;
import downstream.eval.data.annotation.Category;
import downstream.eval.data.image.Image;
import downstream.eval.task.Score;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stored predictions of a head that finds masks. */
class DetectionScoresTest {
  private static final int SIDE = 64;

  @TempDir private Path folder;

  /** Two dark images with one square object each. */
  private ImageSet set(String segmentation) throws IOException {
    JsonNode node = Json.MAPPER.readTree(segmentation);
    Box box =
        new Box(
            1,
            1,
            10,
            10,
            20,
            20,
            400,
            false,
            false,
            node.isEmpty() ? Optional.empty() : Optional.of(node));
    return new ImageSet(
        "squares",
        List.of(new Category(1, "square")),
        List.of(),
        List.of(image(1, box), image(2, box)),
        Set.of(),
        "f".repeat(64),
        List.of());
  }

  private ImageRecord image(long id, Box box) {
    Path file = folder.resolve(id + ".png");
    Image.of(new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB)).writePng(file);
    return new ImageRecord(id, id + ".png", file, SIDE, SIDE, List.of(box), Optional.empty());
  }

  private ImageSet squares() throws IOException {
    return set("[[10, 10, 30, 10, 30, 30, 10, 30]]");
  }

  /** The first object with its mask, the second with its box but a quarter of its mask. */
  private Path predictions() {
    BoxTable boxes = new BoxTable();
    boxes.mask(boxes.add(0, 0, 10, 10, 20, 20, 0.9), square(20));
    boxes.mask(boxes.add(1, 0, 10, 10, 20, 20, 0.8), square(10));
    Path file = folder.resolve("predictions.json.gz");
    ResultsWriter.write(file, boxes, List.of(1L, 2L), List.of(1L));
    return file;
  }

  private static Rle square(int side) {
    return PolygonRaster.box(new double[] {10, 10, side, side}, SIDE, SIDE);
  }

  @Test
  void masks_come_back_from_the_file_and_are_scored_beside_boxes() throws IOException {
    Score score = DetectionEvaluation.of(predictions(), squares(), true).score();
    assertThat(MetricValue.of(score, "AP", -1)).isCloseTo(1, within(1e-12));
    assertThat(MetricValue.of(score, "maskAP", -1)).isCloseTo(51.0 / 101, within(1e-12));
    assertThat(score.perClass().path("square").path("maskAP50").doubleValue())
        .isCloseTo(51.0 / 101, within(1e-12));
    assertThat(score.metrics().keySet())
        .containsExactlyInAnyOrderElementsOf(DetectionScores.names());
    assertThat(DetectionEvaluation.of(predictions(), squares(), false).score().metrics())
        .hasSize(12);
  }

  @Test
  void statistics_keep_both_and_weigh_both() throws IOException {
    Path statistics = folder.resolve("statistics.gz");
    DetectionEvaluation.of(predictions(), squares(), true).writeStatistics(statistics);
    assertThat(DetectionScores.resampler(statistics).resample(new double[] {1, 1}))
        .isEqualTo(DetectionEvaluation.of(predictions(), squares(), true).score());
    Score first = DetectionScores.resampler(statistics).resample(new double[] {1, 0});
    assertThat(MetricValue.of(first, "maskAP", -1)).isCloseTo(1, within(1e-12));
  }

  @Test
  void a_comparison_says_what_each_kind_of_error_costs() throws IOException {
    Path statistics = folder.resolve("statistics.gz");
    DetectionEvaluation.of(predictions(), squares(), true).writeStatistics(statistics);
    JsonNode errors = DetectionScores.explain(statistics, statistics).path("errors");
    assertThat(errors.size()).isEqualTo(6);
    assertThat(errors.path("Loc").path("difference").doubleValue()).isZero();
  }

  @Test
  void what_each_kind_of_error_costs_can_be_guarded() throws IOException {
    Path statistics = folder.resolve("statistics.gz");
    DetectionEvaluation.of(predictions(), squares(), true).writeStatistics(statistics);
    JsonNode errors = DetectionScores.explain(statistics, statistics).path("errors");
    assertThat(DetectionScores.diagnostics(statistics))
        .hasSize(6)
        .containsEntry("tide.Dupe", errors.path("Dupe").path("a").doubleValue())
        .containsEntry("tide.Loc", errors.path("Loc").path("a").doubleValue());
  }

  @Test
  void data_without_masks_leave_the_metrics_of_masks_empty_and_say_why() throws IOException {
    Score score = DetectionEvaluation.of(predictions(), set("[]"), true).score();
    assertThat(MetricValue.of(score, "AP", -1)).isCloseTo(1, within(1e-12));
    assertThat(score.metrics().get("maskAP")).isEmpty();
    assertThat(score.warnings().toString())
        .contains("masks were not scored: squares: annotation 1 of 1.png: has no mask");
  }

  @Test
  @Tag("thorough")
  void masks_tint_the_image() throws IOException {
    List<Path> files = DetectionEvaluation.of(predictions(), squares(), true).plots(folder, 2);
    Image sheet = Image.read(files.get(0));
    // Inside and outside of the first tile's object: 384 pixels show an image of 64.
    int green = sheet.at(6 + 80, 6 + 80) >> 8 & 0xff;
    int outside = sheet.at(6 + 200, 6 + 200) >> 8 & 0xff;
    assertThat(green).isGreaterThan(40);
    assertThat(outside).isLessThan(10);
  }

  @Test
  void the_command_line_proves_the_evaluators() throws IOException {
    CommandLine outcome = CommandLine.run("selftest", "--format", "json");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    JsonNode rows = Json.MAPPER.readTree(outcome.out());
    assertThat(rows.findValuesAsText("task")).contains("detection");
    JsonNode row = rows.path(rows.findValuesAsText("task").indexOf("detection"));
    assertThat(row.path("digest").asText()).hasSize(64);
    assertThat(Double.parseDouble(row.path("largest_deviation").asText())).isLessThan(1e-9);
  }

  @Test
  void one_weight_per_image_is_needed() throws IOException {
    Path statistics = folder.resolve("statistics.gz");
    DetectionEvaluation.of(predictions(), squares(), true).writeStatistics(statistics);
    assertThatThrownBy(() -> DetectionScores.resampler(statistics).resample(new double[] {1}))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("holds 2 images, found 1 weights");
  }

  @Test
  void boxes_and_masks_have_their_objects_and_a_common_warning_once() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10);
    Score score = DetectionScores.score(matches(scene, "a"), Optional.of(matches(scene, "a", "b")));
    assertThat(score.warnings()).containsExactly("a", "b");
    assertThat(score.perClass().path("a").path("ground_truth").intValue()).isEqualTo(1);
    assertThat(score.perClass().path("a").has("maskAP")).isTrue();
    assertThat(score.perClass().path("a").has("maskground_truth")).isFalse();
  }

  private static MatchTable matches(Scene scene, String... warnings) {
    DetectionResults results = new DetectionResults(scene.found, 0, List.of(warnings));
    return CocoEvaluator.match(scene.gt(), results, EvaluatorSettings.COCO);
  }
}
