package downstream.detection.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import downstream.detection.metrics.coco.CocoEvaluator;
import downstream.detection.metrics.coco.CocoMetrics;
import downstream.detection.metrics.coco.MatchTable;
import downstream.detection.metrics.coco.TieOrderRange;
import downstream.detection.metrics.io.CocoGroundTruthReader;
import downstream.detection.metrics.io.ResultsReader;
import downstream.eval.Json;
import downstream.eval.task.Score;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The official 100 images with their example detections. */
class CocoOfficialTest {
  private static final double TOLERANCE = 1e-12;

  @Test
  void boxes_of_the_official_100_images_score_as_published() {
    check(Iou.bbox);
  }

  @Test
  void masks_of_the_official_100_images_score_as_published() {
    check(Iou.segm);
  }

  @Test
  void pycocotools_itself_scores_them_no_other_way() {
    assertThat(score(Iou.segm, true).metrics()).isEqualTo(score(Iou.segm, false).metrics());
  }

  @Test
  void the_order_of_ties_moves_the_official_boxes_as_reported() {
    EvaluatorSettings settings = EvaluatorSettings.COCO;
    GroundTruth groundTruth = groundTruth(settings);
    DetectionResults results = results(groundTruth, settings);
    MatchTable table = CocoEvaluator.match(groundTruth, results, settings);
    TieOrderRange band =
        TieOrderRange.of(groundTruth, results, settings, table, CocoMetrics.score(table));
    TieOrderRange.Range ap = Objects.requireNonNull(band.metrics().get("AP"));
    TieOrderRange.Range ap50 = Objects.requireNonNull(band.metrics().get("AP50"));
    assertThat(ap.low()).isLessThan(0.50458);
    assertThat(ap.high()).isGreaterThan(0.50483);
    assertThat(ap50.low()).isLessThanOrEqualTo(0.69698);
    assertThat(ap50.high()).isGreaterThan(0.69786);
  }

  private static void check(Iou iou) {
    Score score = score(iou, false);
    var known = Json.read(folder().resolve("expected.json")).path(iou.name());
    assertThat(known.size()).isEqualTo(12);
    known
        .properties()
        .forEach(
            entry ->
                assertThat(MetricValue.of(score, entry.getKey(), -1))
                    .as(entry.getKey())
                    .isCloseTo(entry.getValue().doubleValue(), within(TOLERANCE)));
  }

  private static Score score(Iou iou, boolean pycocotools) {
    EvaluatorSettings settings =
        new EvaluatorSettings(iou, pycocotools, false, Convention.coco, List.of(1, 10, 100));
    GroundTruth groundTruth = groundTruth(settings);
    return CocoMetrics.score(
        CocoEvaluator.match(groundTruth, results(groundTruth, settings), settings));
  }

  private static GroundTruth groundTruth(EvaluatorSettings settings) {
    return CocoGroundTruthReader.read(folder().resolve("instances_val2014_100.json"), settings);
  }

  private static DetectionResults results(GroundTruth groundTruth, EvaluatorSettings settings) {
    String name = "instances_val2014_fake" + settings.iou() + "100_results.json";
    return ResultsReader.read(folder().resolve(name), groundTruth, settings);
  }

  private static Path folder() {
    Path folder =
        Path.of(System.getProperty("downstream.shared", "")).resolve("vectors/coco-official-100");
    assumeTrue(Files.isDirectory(folder), "the official 100 images are not here: " + folder);
    return folder;
  }
}
