package downstream.detection.metrics.coco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import downstream.detection.metrics.Convention;
import downstream.detection.metrics.DetectionResults;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.Iou;
import downstream.detection.metrics.MetricValue;
import downstream.detection.metrics.Scene;
import downstream.eval.task.Score;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rules of the evaluator one at a time, by hand: counts, warnings, classes, ignored objects. */
class CocoRulesTest {
  private static final EvaluatorSettings TWO = new EvaluatorSettings(false, false, List.of(1, 2));

  private static Score score(Scene scene, EvaluatorSettings settings) {
    return CocoMetrics.score(CocoEvaluator.match(scene.gt(), scene.results(), settings));
  }

  private static Scene scene() {
    return new Scene(2, 2).groundTruth(0, 0, 0, 0, 10, 10).groundTruth(1, 1, 0, 0, 10, 10);
  }

  private static void assertMetric(Score score, String name, double expected) {
    assertThat(MetricValue.of(score, name, -1)).as(name).isCloseTo(expected, within(1e-12));
  }

  @Test
  void counts_and_warnings_say_what_took_part() {
    Scene scene = scene().found(0, 0, 0, 0, 10, 10, 0.9).found(0, 0, 1, 0, 10, 10, 0.9);
    scene.found(0, 0, 2, 0, 10, 10, 0.8).found(1, 1, 0, 0, 10, 10, 0.7);
    scene.groundTruth.crowd.set(scene.groundTruth.add(1, 0, 50, 0, 10, 10, 0));
    GroundTruth gt = scene.gt();
    GroundTruth warned =
        new GroundTruth(
            gt.imageIds(), gt.categoryIds(), gt.categoryNames(), gt.boxes(), List.of("read"));
    DetectionResults results = new DetectionResults(scene.found, 7, List.of("odd"));
    MatchTable table = CocoEvaluator.match(warned, results, TWO);
    assertThat(table.counts())
        .isEqualTo(
            Map.of(
                "images", 2L,
                "ground_truth", 3L,
                "crowd", 1L,
                "detections", 4L,
                "dropped_unknown_category", 7L,
                "dropped_over_max_dets", 1L,
                "tied_pairs", 1L));
    assertThat(table.warnings())
        .containsExactly(
            "read",
            "odd",
            "1 detections beyond the best 2 of their image and category do not count");
    assertThat(table.categoryNames()).containsExactly("a", "b");
    assertThat(table.classes().get(0).groundTruthImage).containsExactly(0, 1);
    assertThat(table.classes().get(1).groundTruthImage).containsExactly(1);
  }

  @Test
  void an_image_without_objects_of_a_class_is_not_among_those_that_hold_them() {
    Scene scene = scene().found(1, 0, 0, 0, 10, 10, 0.9).found(0, 0, 0, 0, 10, 10, 0.8);
    MatchTable table = CocoEvaluator.match(scene.gt(), scene.results(), TWO);
    assertThat(table.classes().get(0).groundTruthImage).containsExactly(0);
  }

  @Test
  void lvis_counts_its_limit_by_image() {
    Scene scene = scene().found(0, 0, 0, 0, 10, 10, 0.9).found(0, 0, 1, 0, 10, 10, 0.8);
    EvaluatorSettings lvis =
        new EvaluatorSettings(Iou.bbox, false, false, Convention.lvis, List.of(1));
    assertThat(CocoEvaluator.match(scene.gt(), scene.results(), lvis).warnings())
        .containsExactly("1 detections beyond the best 1 of their image do not count");
  }

  private static List<String> warnings(double... scores) {
    Scene scene = scene();
    for (double score : scores) {
      scene.found(0, 0, 0, 0, 10, 10, score);
    }
    return CocoEvaluator.match(scene.gt(), scene.results(), EvaluatorSettings.COCO).warnings();
  }

  @Test
  void equal_scores_of_all_detections_are_a_warning() {
    assertThat(warnings(0.5, 0.5, 0.5))
        .containsExactly(
            "all detections have the same score: the metrics follow the order of the file");
    assertThat(warnings(0.5, 0.5, 0.4)).isEmpty();
    assertThat(warnings(0.5, 0.4, 0.5)).isEmpty();
    assertThat(warnings(0.5)).isEmpty();
    assertThat(warnings()).isEmpty();
  }

  @Test
  void classes_are_one_where_they_do_not_matter() {
    Scene scene = scene().found(0, 1, 0, 0, 10, 10, 0.9).found(1, 0, 0, 0, 10, 10, 0.8);
    assertMetric(score(scene, TWO), "AP", 0);
    EvaluatorSettings agnostic = new EvaluatorSettings(false, true, List.of(1, 2));
    MatchTable table = CocoEvaluator.match(scene.gt(), scene.results(), agnostic);
    assertThat(table.categoryNames()).containsExactly("all");
    assertThat(table.classes()).hasSize(1);
    assertMetric(CocoMetrics.score(table), "AP", 1);
  }

  @Test
  void each_class_has_a_row_of_its_own_also_where_names_repeat() {
    Scene scene = scene().found(0, 0, 0, 0, 10, 10, 0.9);
    Score score = score(scene, TWO);
    assertThat(score.perClass().size()).isEqualTo(2);
    assertThat(score.perClass().at("/a/AP").doubleValue()).isCloseTo(1, within(1e-12));
    assertThat(score.perClass().at("/b/AP").doubleValue()).isZero();
    assertThat(score.perClass().at("/b/ground_truth").doubleValue()).isEqualTo(1);
    MatchTable table = CocoEvaluator.match(scene.gt(), scene.results(), TWO);
    ClassMatches one = table.classes().get(0);
    MatchTable repeated =
        new MatchTable(
            2,
            List.of("a", "a", "a"),
            List.of(1, 2),
            false,
            List.of(one, one, one),
            Map.of(),
            List.of());
    assertThat(CocoMetrics.score(repeated).perClass().fieldNames())
        .toIterable()
        .containsExactly("a", "a (2)", "a (3)");
  }

  @Test
  void names_are_those_of_the_score() {
    Score score = score(scene(), TWO);
    assertThat(CocoMetrics.names(List.of(1, 2)))
        .startsWith("AP")
        .containsExactlyInAnyOrderElementsOf(score.metrics().keySet());
  }

  @Test
  void an_object_that_is_ignored_is_not_missed_and_its_detection_not_wrong() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10).groundTruth(0, 0, 50, 0, 10, 10);
    scene.groundTruth.ignored.set(1);
    assertMetric(score(scene.found(0, 0, 50, 0, 10, 10, 0.9), TWO), "AP", 0);
    assertMetric(score(scene.found(0, 0, 0, 0, 10, 10, 0.8), TWO), "AP", 1);
    Scene unfound = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10);
    unfound.groundTruth(0, 0, 50, 0, 10, 10).groundTruth.ignored.set(1);
    assertMetric(score(unfound.found(0, 0, 0, 0, 10, 10, 0.8), TWO), "AP", 1);
  }

  /** Its detection is wrong, and of no concern where only its own size is out of range. */
  @Test
  void a_match_that_pycocotools_loses_finds_nothing() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 33, 32).groundTruth(0, 0, 90, 0, 10, 10);
    scene.groundTruth.area[0] = 1000;
    scene.groundTruth.matchIsLost.set(0);
    scene.found(0, 0, 0, 0, 33, 32, 0.9).found(0, 0, 90, 0, 10, 10, 0.8);
    assertMetric(score(scene, TWO), "AP", 25.5 / 101);
    assertMetric(score(scene, TWO), "APs", 51.0 / 101);
  }

  /**
   * For small objects the first two are ignored, being large by their area. The first detection
   * takes the second of them, which it covers more; so the first is left for the next detection.
   */
  @Test
  void of_two_ignored_objects_a_detection_takes_the_one_it_covers_more() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10).groundTruth(0, 0, 6, 0, 10, 10);
    scene.groundTruth(0, 0, 90, 0, 10, 10);
    scene.groundTruth.area[0] = 2000;
    scene.groundTruth.area[1] = 2000;
    scene.found(0, 0, 3.1, 0, 10, 10, 0.9).found(0, 0, 0, 0, 10, 10, 0.8);
    Score score = score(scene.found(0, 0, 90, 0, 10, 10, 0.7), EvaluatorSettings.COCO);
    // At .5 and .55 both are ignored; above, the first is wrong.
    assertMetric(score, "APs", (2 * 1 + 8 * 0.5) / 10);
  }
}
