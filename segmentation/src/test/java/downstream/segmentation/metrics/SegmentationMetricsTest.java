package downstream.segmentation.metrics;

import static downstream.segmentation.metrics.Given.bytes;
import static downstream.segmentation.metrics.Given.metric;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SegmentationMetricsTest {
  private static final double EXACT = 1e-12;

  /** Ground truth 0 0 0 1, prediction 0 0 1 1: worked out by hand. */
  @Test
  void gives_the_metrics_of_a_small_map() {
    SegmentationMetrics agreement = of(2, new int[] {0, 0, 0, 1}, new int[] {0, 0, 1, 1});

    assertThat(agreement.meanIou()).hasValue((2 / 3.0 + 1 / 2.0) / 2);
    assertThat(agreement.meanAccuracy()).hasValue((2 / 3.0 + 1) / 2);
    assertThat(agreement.pixelAccuracy()).hasValue(3 / 4.0);
    assertThat(agreement.frequencyWeightedIou())
        .hasValue(3 / 4.0 * (2 / 3.0) + 1 / 4.0 * (1 / 2.0));
    assertThat(agreement.meanDice().orElseThrow())
        .isEqualTo((4 / 5.0 + 2 / 3.0) / 2, within(EXACT));
  }

  @Test
  void conventions_part_over_a_class_that_is_predicted_but_never_true() {
    SegmentationMetrics agreement = of(3, new int[] {0, 0, 1, 1}, new int[] {0, 2, 1, 1});

    assertThat(agreement.meanIou()).hasValue(0.5);
    assertThat(agreement.meanIouOfTrueClasses()).hasValue(0.75);
    assertThat(agreement.meanIouOfAllClasses()).hasValue(0.5);
    assertThat(agreement.classes().get(2).accuracy()).isEmpty();
  }

  @Test
  void conventions_part_over_a_class_that_is_nowhere() {
    SegmentationMetrics agreement = of(3, new int[] {0, 0, 1, 1}, new int[] {0, 0, 1, 1});

    assertThat(agreement.meanIou()).hasValue(1.0);
    assertThat(agreement.meanIouOfTrueClasses()).hasValue(1.0);
    assertThat(agreement.meanIouOfAllClasses()).isEmpty();
  }

  @Test
  void sums_over_the_set_before_it_divides() {
    ConfusionMatrix matrix = new ConfusionMatrix(2);
    matrix.add("a", bytes(0, 0, 0, 0), bytes(0, 0, 0, 0));
    matrix.add("b", bytes(0, 1), bytes(1, 1));

    // Class 0: 4 of 5; class 1: 1 of 2. The mean over images would be (1 + (0 + 1/2) / 2) / 2.
    assertThat(SegmentationMetrics.of(matrix).meanIou()).hasValue((4 / 5.0 + 1 / 2.0) / 2);
  }

  @Test
  void has_no_figure_where_every_pixel_is_ignored() {
    SegmentationMetrics agreement = of(2, new int[] {255, 255}, new int[] {0, 1});

    assertThat(agreement.metrics().values()).allMatch(Optional::isEmpty);
  }

  @Test
  void agrees_with_a_slow_reference_on_random_maps() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 200; round++) {
      int classes = random.nextInt(1, 7);
      int[] groundTruth = map(random, classes, true);
      int[] prediction = map(random, classes, false);
      SegmentationMetrics agreement = of(classes, groundTruth, prediction);

      assertThat(agreement.meanIou().orElse(Double.NaN))
          .isEqualTo(slowMeanIou(classes, groundTruth, prediction), within(EXACT));
      assertThat(agreement.pixelAccuracy().orElse(Double.NaN))
          .isEqualTo(slowAccuracy(groundTruth, prediction), within(EXACT));
    }
  }

  @Test
  void renaming_the_classes_changes_no_mean() {
    SplittableRandom random = new SplittableRandom(8);
    int[] groundTruth = map(random, 5, true);
    int[] prediction = map(random, 5, false);
    SegmentationMetrics one = of(5, groundTruth, prediction);
    SegmentationMetrics other = of(5, renamed(groundTruth), renamed(prediction));

    one.metrics()
        .forEach(
            (name, value) ->
                assertThat(metric(other.metrics(), name).orElseThrow())
                    .as(name)
                    .isBetween(0.0, 1.0)
                    .isEqualTo(value.orElseThrow(), within(EXACT)));
  }

  @Test
  void dice_follows_from_iou() {
    SplittableRandom random = new SplittableRandom(9);
    for (SegmentationMetrics.OfClass c :
        of(4, map(random, 4, true), map(random, 4, false)).classes()) {
      double iou = c.iou().orElseThrow();
      assertThat(c.dice().orElseThrow()).isEqualTo(2 * iou / (1 + iou), within(EXACT));
    }
  }

  private static double slowMeanIou(int classes, int[] groundTruth, int[] prediction) {
    List<Double> ious = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      double both = 0;
      double either = 0;
      for (int i = 0; i < groundTruth.length; i++) {
        boolean t = groundTruth[i] == c;
        boolean p = groundTruth[i] != 255 && prediction[i] == c;
        both += t && p ? 1 : 0;
        either += t || p ? 1 : 0;
      }
      if (either > 0) {
        ious.add(both / either);
      }
    }
    return ious.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }

  private static double slowAccuracy(int[] groundTruth, int[] prediction) {
    double right = 0;
    double all = 0;
    for (int i = 0; i < groundTruth.length; i++) {
      right += groundTruth[i] == prediction[i] ? 1 : 0;
      all += groundTruth[i] != 255 ? 1 : 0;
    }
    return right / all;
  }

  private static int[] map(SplittableRandom random, int classes, boolean ignored) {
    int[] map = new int[60];
    for (int i = 0; i < map.length; i++) {
      map[i] = ignored && random.nextInt(5) == 0 ? 255 : random.nextInt(classes);
    }
    return map;
  }

  private static int[] renamed(int[] map) {
    int[] names = {3, 0, 4, 1, 2};
    int[] renamed = new int[map.length];
    for (int i = 0; i < map.length; i++) {
      renamed[i] = map[i] == 255 ? 255 : names[map[i]];
    }
    return renamed;
  }

  private static SegmentationMetrics of(int classes, int[] groundTruth, int[] prediction) {
    ConfusionMatrix matrix = new ConfusionMatrix(classes);
    matrix.add("map", bytes(groundTruth), bytes(prediction));
    return SegmentationMetrics.of(matrix);
  }
}
