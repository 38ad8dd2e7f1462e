package downstream.detection.metrics.report;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.detection.metrics.Iou;
import downstream.detection.metrics.Scene;
import org.junit.jupiter.api.Test;

class DetectionOutcomesTest {
  private static Scene scene() {
    Scene scene = new Scene(3, 2).groundTruth(0, 0, 0, 0, 10, 10).groundTruth(0, 1, 50, 0, 10, 10);
    scene.groundTruth(1, 0, 0, 0, 10, 10).groundTruth(1, 0, 50, 0, 10, 10);
    scene.found(0, 0, 0, 0, 10, 10, 0.9).found(0, 1, 50, 0, 10, 10, 0.8);
    scene.found(1, 1, 0, 0, 10, 10, 0.7).found(1, 0, 50, 0, 10, 10, 0.6);
    return scene;
  }

  private static DetectionOutcomes outcomes(Scene scene) {
    return new DetectionOutcomes(scene.gt(), scene.found, Iou.bbox);
  }

  @Test
  void tells_found_false_and_missed_by_class_and_place() {
    DetectionOutcomes.OfImage first = outcomes(scene()).of(0);
    assertThat(first.hits()).containsExactly(0, 1);
    assertThat(first.errors()).isZero();
    DetectionOutcomes.OfImage second = outcomes(scene()).of(1);
    assertThat(second.hits()).containsExactly(3);
    assertThat(second.falseOnes()).containsExactly(2);
    assertThat(second.missed()).containsExactly(2);
  }

  @Test
  void weak_noise_is_not_shown() {
    Scene scene = scene();
    for (int i = 0; i < 20; i++) {
      scene.found(2, 0, 20 * i, 80, 5, 5, 0.1);
    }
    assertThat(outcomes(scene).of(2).errors()).isZero();
  }

  @Test
  void the_worst_come_first_and_the_flawless_not_at_all() {
    Scene scene = scene().groundTruth(2, 0, 0, 0, 10, 10);
    assertThat(outcomes(scene).worst(5).stream().map(DetectionOutcomes.OfImage::image))
        .containsExactly(1, 2);
    assertThat(outcomes(scene).worst(1)).hasSize(1);
  }

  @Test
  void what_lies_in_a_crowd_is_neither_right_nor_wrong() {
    Scene scene = scene().found(2, 0, 5, 5, 4, 4, 0.95);
    int crowd = scene.groundTruth.add(2, 0, 0, 0, 90, 90, 0);
    scene.groundTruth.crowd.set(crowd);
    assertThat(outcomes(scene).of(2).errors()).isZero();
  }

  @Test
  void without_any_hit_nothing_is_shown_as_found() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10).found(0, 0, 50, 50, 5, 5, 0.9);
    assertThat(outcomes(scene).of(0).missed()).hasSize(1);
    assertThat(outcomes(scene).of(0).falseOnes()).isEmpty();
  }
}
