package downstream.detection.metrics.coco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.DetectionResults;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.MetricValue;
import downstream.detection.metrics.Scene;
import downstream.eval.task.Score;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TieOrderRangeTest {
  private record Found(int image, double x, double score) {}

  private static Scene scene(long seed) {
    Random random = new Random(seed);
    Scene scene = new Scene(2, 1);
    for (int i = 0; i < 5; i++) {
      scene.groundTruth(random.nextInt(2), 0, 12 * random.nextInt(6), 0, 20, 20);
    }
    return scene;
  }

  private static List<Found> found(long seed) {
    Random random = new Random(seed + 1000);
    List<Found> found = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      found.add(new Found(random.nextInt(2), 6.0 * random.nextInt(14), random.nextInt(3) / 3.0));
    }
    return found;
  }

  private static DetectionResults results(List<Found> found) {
    BoxTable boxes = new BoxTable();
    found.forEach(f -> boxes.add(f.image, 0, f.x, 0, 20, 20, f.score));
    return new DetectionResults(boxes, 0, List.of());
  }

  private static Score score(GroundTruth gt, List<Found> found) {
    EvaluatorSettings settings = EvaluatorSettings.COCO;
    return CocoMetrics.score(CocoEvaluator.match(gt, results(found), settings));
  }

  @Test
  void no_order_of_the_file_leaves_the_band() {
    for (int seed = 0; seed < 40; seed++) {
      GroundTruth gt = scene(seed).gt();
      List<Found> found = found(seed);
      EvaluatorSettings settings = EvaluatorSettings.COCO;
      MatchTable table = CocoEvaluator.match(gt, results(found), settings);
      TieOrderRange band =
          TieOrderRange.of(gt, results(found), settings, table, CocoMetrics.score(table));
      Random random = new Random(seed);
      for (int shuffle = 0; shuffle < 30; shuffle++) {
        Collections.shuffle(found, random);
        Score score = score(gt, found);
        for (String name : List.of("AP", "AP50", "AP75")) {
          TieOrderRange.Range range = Objects.requireNonNull(band.metrics().get(name));
          assertThat(MetricValue.of(score, name, -1))
              .as("%s of seed %d", name, seed)
              .isBetween(range.low() - 1e-12, range.high() + 1e-12);
        }
      }
    }
  }

  @Test
  void without_ties_the_band_has_no_width() {
    Scene scene = scene(3).found(0, 0, 0, 0, 20, 20, 0.5).found(1, 0, 8, 0, 20, 20, 0.4);
    EvaluatorSettings settings = EvaluatorSettings.COCO;
    MatchTable table = CocoEvaluator.match(scene.gt(), scene.results(), settings);
    Score score = CocoMetrics.score(table);
    TieOrderRange.Range range =
        Objects.requireNonNull(
            TieOrderRange.of(scene.gt(), scene.results(), settings, table, score)
                .metrics()
                .get("AP"));
    assertThat(range.low()).isEqualTo(range.high());
    assertThat(range.low()).isEqualTo(MetricValue.of(score, "AP", -1));
  }

  @Test
  void the_two_ends_of_a_hit_and_a_miss_of_one_score() {
    Scene scene = new Scene(2, 1).groundTruth(1, 0, 0, 0, 10, 10);
    scene.found(0, 0, 0, 0, 10, 10, 0.5).found(1, 0, 0, 0, 10, 10, 0.5);
    EvaluatorSettings settings = EvaluatorSettings.COCO;
    MatchTable table = CocoEvaluator.match(scene.gt(), scene.results(), settings);
    TieOrderRange band =
        TieOrderRange.of(scene.gt(), scene.results(), settings, table, CocoMetrics.score(table));
    TieOrderRange.Range range = Objects.requireNonNull(band.metrics().get("AP"));
    assertThat(range.low()).isCloseTo(0.5, within(1e-12));
    assertThat(range.high()).isCloseTo(1, within(1e-12));
  }

  private static void assertBand(Scene scene, String metric, double low, double high) {
    EvaluatorSettings settings = EvaluatorSettings.COCO;
    MatchTable table = CocoEvaluator.match(scene.gt(), scene.results(), settings);
    TieOrderRange band =
        TieOrderRange.of(scene.gt(), scene.results(), settings, table, CocoMetrics.score(table));
    TieOrderRange.Range range = Objects.requireNonNull(band.metrics().get(metric));
    assertThat(range.low()).as("low " + metric).isCloseTo(low, within(1e-12));
    assertThat(range.high()).as("high " + metric).isCloseTo(high, within(1e-12));
  }

  /**
   * The box at 2.9 covers the first object by .550, the second by .527; the one at 0 the first
   * alone. The first to come decides whether both objects are found at .5. At .75 one is, either
   * way. The second image keeps its order, though its scores are equal to those of the first.
   */
  @Test
  void an_order_inside_an_image_decides_who_takes_which_object() {
    for (boolean wide : new boolean[] {true, false}) {
      Scene scene = new Scene(2, 1).groundTruth(0, 0, 0, 0, 10, 10).groundTruth(0, 0, 6, 0, 10, 10);
      scene.found(0, 0, wide ? 2.9 : 0, 0, 10, 10, 0.5).found(0, 0, wide ? 0 : 2.9, 0, 10, 10, 0.5);
      assertBand(scene, "AP50", 25.5 / 101, 1);
      assertBand(scene, "AP75", 25.5 / 101, 51.0 / 101);
      // Alone in its image, so not arranged: found behind all others.
      scene.groundTruth(1, 0, 0, 0, 10, 10).found(1, 0, 0, 0, 10, 10, 0.4);
      assertBand(scene, "AP50", 2 / 3.0 * 67 / 101, 1);
    }
  }

  /** First a hit and a miss of one score, then a hit: precisions 1/2 or 1, and 2/3. */
  @Test
  void misses_of_a_group_count_once_for_what_comes_behind_it() {
    Scene scene = new Scene(3, 1).groundTruth(0, 0, 0, 0, 10, 10).groundTruth(1, 0, 0, 0, 10, 10);
    scene.found(0, 0, 0, 0, 10, 10, 0.9).found(2, 0, 0, 0, 10, 10, 0.9);
    assertBand(scene.found(1, 0, 0, 0, 10, 10, 0.5), "AP", 2 / 3.0, (51 + 100 / 3.0) / 101);
  }

  /** The two in the crowd are ignored in every order, and are not hits that an order could gain. */
  @Test
  void detections_in_a_crowd_are_in_no_group() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10);
    scene.groundTruth.crowd.set(scene.groundTruth.add(0, 0, 100, 0, 50, 50, 0));
    scene.found(0, 0, 100, 0, 10, 10, 0.5).found(0, 0, 0, 0, 10, 10, 0.5);
    assertBand(scene.found(0, 0, 120, 0, 10, 10, 0.5), "AP", 1, 1);
    Scene missed = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10);
    missed.groundTruth.crowd.set(missed.groundTruth.add(0, 0, 100, 0, 50, 50, 0));
    missed.found(0, 0, 100, 0, 10, 10, 0.5).found(0, 0, 120, 0, 10, 10, 0.5);
    assertBand(missed, "AP", 0, 0);
  }

  @Test
  void without_truth_there_is_no_band() {
    Scene scene = new Scene(1, 1).found(0, 0, 0, 0, 10, 10, 0.5);
    EvaluatorSettings settings = EvaluatorSettings.COCO;
    MatchTable table = CocoEvaluator.match(scene.gt(), scene.results(), settings);
    Score score = CocoMetrics.score(table);
    assertThat(TieOrderRange.of(scene.gt(), scene.results(), settings, table, score).metrics())
        .isEmpty();
  }
}
