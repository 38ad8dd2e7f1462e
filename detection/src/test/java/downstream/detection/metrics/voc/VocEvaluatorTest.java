package downstream.detection.metrics.voc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import downstream.detection.metrics.Iou;
import downstream.detection.metrics.MetricValue;
import downstream.detection.metrics.Scene;
import downstream.eval.task.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Scanner;
import org.junit.jupiter.api.Test;

class VocEvaluatorTest {
  private static double ap(Scene scene, double threshold, boolean elevenPoints) {
    double[] thresholds = {threshold};
    Score score =
        VocEvaluator.score(scene.gt(), scene.results(), Iou.bbox, thresholds, elevenPoints);
    return MetricValue.of(score, "AP", -1);
  }

  @Test
  void the_seven_images_give_the_reference_values() throws IOException {
    Path folder = Path.of(System.getProperty("downstream.shared", "")).resolve("vectors/voc-case");
    assumeTrue(Files.isDirectory(folder), "the VOC case is not here: " + folder);
    Scene scene = new Scene(7, 1);
    for (int image = 0; image < 7; image++) {
      String name = String.format(Locale.ROOT, "%05d.txt", image + 1);
      for (String line : Files.readAllLines(folder.resolve("gts").resolve(name))) {
        double[] b = numbers(line, 4);
        scene.groundTruth(image, 0, b[0], b[1], b[2] + 1, b[3] + 1);
      }
      for (String line : Files.readAllLines(folder.resolve("dets").resolve(name))) {
        double[] b = numbers(line, 5);
        scene.found(image, 0, b[1], b[2], b[3] + 1, b[4] + 1, b[0]);
      }
    }
    assertThat(scene.groundTruth.size).isEqualTo(15);
    assertThat(scene.found.size).isEqualTo(24);
    assertThat(ap(scene, 0.1, true)).isCloseTo(1 / 3.0, within(1e-10));
    assertThat(ap(scene, 0.3, true)).isCloseTo(0.2684, within(5e-5));
    assertThat(ap(scene, 0.3, false)).isCloseTo(0.24568668, within(1e-8));
  }

  private static double[] numbers(String line, int count) {
    try (Scanner words = new Scanner(line).useLocale(Locale.ROOT)) {
      words.next();
      double[] numbers = new double[count];
      for (int i = 0; i < count; i++) {
        numbers[i] = Double.parseDouble(words.next());
      }
      return numbers;
    }
  }

  @Test
  void recalls_keep_their_binary_noise() {
    double[] recall = {0.3, 0.6};
    double[] precision = {1, 0.5};
    // Points 0, .1, .2 see 1; .30000000000000004 is beyond .3, .6000000000000001 beyond .6.
    assertThat(VocEvaluator.elevenPoints(recall, precision)).isCloseTo(4.5 / 11, within(1e-12));
  }

  @Test
  void the_area_counts_each_step_of_recall_at_the_best_precision_from_there() {
    double[] recall = {0.25, 0.25, 0.5};
    double[] precision = {1, 0.5, 2 / 3.0};
    assertThat(VocEvaluator.area(recall, precision)).isCloseTo(0.25 + 0.25 * 2 / 3, within(1e-12));
  }

  @Test
  void an_overlap_of_just_the_threshold_is_too_little() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10).found(0, 0, 0, 0, 10, 5, 1);
    assertThat(ap(scene, 0.5, false)).isZero();
    assertThat(ap(scene, 0.4, false)).isEqualTo(1);
  }

  @Test
  void a_detection_has_no_second_choice() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10).groundTruth(0, 0, 2, 0, 10, 10);
    scene.found(0, 0, 0, 0, 10, 10, 0.9).found(0, 0, 0.5, 0, 10, 10, 0.8);
    assertThat(ap(scene, 0.5, false))
        .as("the second wants the first's ground truth")
        .isEqualTo(0.5);
  }

  @Test
  void difficult_truth_neither_counts_nor_makes_a_detection_wrong() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10).groundTruth(0, 0, 50, 0, 10, 10);
    scene.groundTruth.ignored.set(1);
    scene.found(0, 0, 50, 0, 10, 10, 0.9).found(0, 0, 50, 0, 10, 9, 0.8);
    scene.found(0, 0, 0, 0, 10, 10, 0.7);
    assertThat(ap(scene, 0.5, false)).isEqualTo(1);
  }

  @Test
  void classes_without_truth_are_in_no_mean() {
    Scene scene = new Scene(1, 3).groundTruth(0, 0, 0, 0, 10, 10).found(0, 0, 0, 0, 10, 10, 0.9);
    scene.found(0, 2, 0, 0, 10, 10, 0.9);
    Score score =
        VocEvaluator.score(scene.gt(), scene.results(), Iou.bbox, VocEvaluator.THRESHOLDS, true);
    assertThat(MetricValue.of(score, "AP", -1)).isCloseTo(1, within(1e-12));
    assertThat(score.metrics().keySet()).containsAll(List.of("AP50", "AP75", "APs", "AR1"));
    assertThat(MetricValue.of(score, "AR1", -1)).as("VOC has no such metric").isEqualTo(-1);
    assertThat(score.perClass().path("c").path("AP").isNull()).isTrue();
  }

  @Test
  void of_equal_overlaps_the_first_counts() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10).groundTruth(0, 0, 0, 0, 10, 10);
    scene.groundTruth.ignored.set(1);
    assertThat(ap(scene.found(0, 0, 0, 0, 10, 10, 0.9), 0.5, false)).isEqualTo(1);
  }

  @Test
  void a_crowd_is_difficult() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10).groundTruth(0, 0, 50, 0, 10, 10);
    scene.groundTruth.crowd.set(1);
    assertThat(ap(scene.found(0, 0, 0, 0, 10, 10, 0.8), 0.5, false)).isEqualTo(1);
    scene.found(0, 0, 50, 0, 10, 10, 0.9).found(0, 0, 50, 0, 10, 9, 0.9);
    assertThat(ap(scene, 0.5, false)).isEqualTo(1);
  }

  /** An overlap of 0.78 is enough for 0.50 to 0.75, six of ten thresholds. */
  @Test
  void the_mean_over_thresholds_and_the_two_single_ones_stand_beside_each_other() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 100).found(0, 0, 0, 0, 10, 78, 0.9);
    Score score =
        VocEvaluator.score(scene.gt(), scene.results(), Iou.bbox, VocEvaluator.THRESHOLDS, false);
    assertThat(MetricValue.of(score, "AP", -1)).isCloseTo(0.6, within(1e-12));
    assertThat(MetricValue.of(score, "AP50", -1)).isEqualTo(1);
    assertThat(MetricValue.of(score, "AP75", -1)).isEqualTo(1);
    assertThat(score.counts()).containsEntry("ground_truth", 1L).containsEntry("detections", 1L);
  }
}
