package downstream.detection.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import downstream.detection.metrics.coco.CocoEvaluator;
import downstream.detection.metrics.coco.CocoMetrics;
import downstream.detection.metrics.coco.MatchTable;
import downstream.eval.task.Score;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** LVIS's rules by hand: classes a (rare), b (common), c (frequent). */
class FederatedTest {
  private static EvaluatorSettings limit(int limit) {
    return new EvaluatorSettings(Iou.bbox, false, false, Convention.lvis, List.of(limit));
  }

  private static Score score(Scene scene, GroundTruth gt, int limit) {
    MatchTable table = CocoEvaluator.match(gt, scene.results(), limit(limit));
    return CocoMetrics.federated(table, gt.federation().orElseThrow());
  }

  private static Scene scene() {
    return new Scene(2, 3).groundTruth(0, 0, 0, 0, 10, 10).found(0, 0, 0, 0, 10, 10, 0.5);
  }

  @Test
  void a_class_nobody_looked_for_in_the_image_is_not_judged() {
    Scene scene = scene().found(1, 0, 50, 0, 10, 10, 0.9);
    Score score = score(scene, scene.federated(Map.of(), Map.of(), "rcf"), 300);
    assertThat(MetricValue.of(score, "AP", -1)).isCloseTo(1, within(1e-12));
    assertThat(score.counts())
        .containsEntry("dropped_unchecked", 1L)
        .containsEntry("dropped_over_max_dets", 0L);
  }

  @Test
  void a_class_known_to_be_absent_makes_a_detection_wrong() {
    Scene scene = scene().found(1, 0, 50, 0, 10, 10, 0.9);
    Score score = score(scene, scene.federated(Map.of(1, Set.of(0)), Map.of(), "rcf"), 300);
    assertThat(MetricValue.of(score, "AP", -1)).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void where_not_every_object_is_annotated_a_miss_is_ignored() {
    Scene scene = scene().found(0, 0, 50, 0, 10, 10, 0.9);
    Score whole = score(scene, scene.federated(Map.of(), Map.of(), "rcf"), 300);
    Score partial = score(scene, scene.federated(Map.of(), Map.of(0, Set.of(0)), "rcf"), 300);
    assertThat(MetricValue.of(whole, "AP", -1)).isCloseTo(0.5, within(1e-12));
    assertThat(MetricValue.of(partial, "AP", -1)).isCloseTo(1, within(1e-12));
  }

  @Test
  void nor_is_a_detection_wrong_where_no_object_is_annotated_and_some_may_be_there() {
    Scene scene = scene().found(1, 0, 50, 0, 10, 10, 0.9);
    Map<Integer, Set<Integer>> second = Map.of(1, Set.of(0));
    Score score = score(scene, scene.federated(second, second, "rcf"), 300);
    assertThat(MetricValue.of(score, "AP", -1)).isCloseTo(1, within(1e-12));
  }

  @Test
  void the_limit_counts_all_classes_of_an_image_before_any_is_left_out() {
    Scene scene = scene().found(0, 1, 50, 0, 10, 10, 0.9);
    GroundTruth gt = scene.federated(Map.of(), Map.of(), "rcf");
    assertThat(MetricValue.of(score(scene, gt, 1), "AP", -1)).isZero();
    assertThat(MetricValue.of(score(scene, gt, 2), "AP", -1)).isCloseTo(1, within(1e-12));
  }

  @Test
  void the_limit_counts_in_each_image_anew() {
    Scene scene = scene().groundTruth(1, 0, 0, 0, 10, 10).found(1, 0, 0, 0, 10, 10, 0.9);
    Score score = score(scene, scene.federated(Map.of(), Map.of(), "rcf"), 1);
    assertThat(MetricValue.of(score, "AP", -1)).isCloseTo(1, within(1e-12));
  }

  @Test
  void the_first_class_of_the_first_image_is_judged_only_where_it_was_looked_for() {
    Scene scene = new Scene(2, 1).groundTruth(1, 0, 0, 0, 10, 10).found(1, 0, 0, 0, 10, 10, 0.5);
    scene.found(0, 0, 0, 0, 10, 10, 0.9);
    Score score = score(scene, scene.federated(Map.of(), Map.of(), "r"), 300);
    assertThat(MetricValue.of(score, "AP", -1)).isCloseTo(1, within(1e-12));
    assertThat(score.counts()).containsEntry("dropped_unchecked", 1L);
  }

  @Test
  void groups_of_frequency_have_means_of_their_own() {
    Scene scene = scene().groundTruth(1, 2, 0, 0, 10, 10);
    Score score = score(scene, scene.federated(Map.of(), Map.of(), "rcf"), 300);
    assertThat(MetricValue.of(score, "APr", -1)).isCloseTo(1, within(1e-12));
    assertThat(MetricValue.of(score, "APc", -1)).as("b has no ground truth").isEqualTo(-1);
    assertThat(MetricValue.of(score, "APf", -1)).isZero();
    assertThat(MetricValue.of(score, "AP", -1)).isCloseTo(0.5, within(1e-12));
    assertThat(score.metrics()).containsKey("AR300");
  }
}
