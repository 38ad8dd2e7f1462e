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

  /** F1 is .67 down to .9, .5 down to .6 and .8 down to .5, which is where it is highest. */
  @Test
  void the_strongest_takes_an_object_and_the_next_one_on_it_is_false() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10).groundTruth(0, 0, 50, 0, 10, 10);
    scene.found(0, 0, 0, 0, 10, 8, 0.6).found(0, 0, 0, 0, 10, 10, 0.9);
    scene.found(0, 0, 50, 0, 10, 10, 0.5);
    DetectionOutcomes.OfImage outcome = outcomes(scene).of(0);
    assertThat(outcome.hits()).containsExactly(1, 2);
    assertThat(outcome.falseOnes()).containsExactly(0);
    assertThat(outcome.missed()).isEmpty();
  }

  @Test
  void a_false_one_as_strong_as_the_weakest_hit_is_shown() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10).found(0, 0, 0, 0, 10, 10, 0.5);
    scene.found(0, 0, 50, 0, 10, 10, 0.5);
    assertThat(outcomes(scene).of(0).hits()).containsExactly(0);
    assertThat(outcomes(scene).of(0).falseOnes()).containsExactly(1);
  }

  @Test
  void half_an_object_is_enough_and_the_nearest_of_two_is_taken() {
    Scene half = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10).found(0, 0, 0, 0, 10, 5, 0.9);
    assertThat(outcomes(half).of(0).hits()).containsExactly(0);
    Scene two = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10).groundTruth(0, 0, 2, 0, 10, 10);
    two.found(0, 0, 0, 0, 10, 10, 0.9);
    assertThat(outcomes(two).of(0).missed()).containsExactly(1);
  }

  private static void crowd(Scene scene, double x, double side) {
    scene.groundTruth.crowd.set(scene.groundTruth.add(0, 0, x, 0, side, side, 0));
  }

  @Test
  void an_object_in_a_crowd_is_found_whichever_comes_first() {
    Scene first = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10);
    crowd(first, 0, 90);
    assertThat(outcomes(first.found(0, 0, 0, 0, 10, 10, 0.9)).of(0).hits()).containsExactly(0);
    Scene last = new Scene(1, 1);
    crowd(last, 0, 90);
    last.groundTruth(0, 0, 0, 0, 10, 10).found(0, 0, 0, 0, 10, 10, 0.9);
    assertThat(outcomes(last).of(0).hits()).containsExactly(0);
  }

  /** Half of the detection is in the crowd, then less; both are stronger than the one hit. */
  @Test
  void a_crowd_excuses_what_is_half_in_it_but_is_no_hit() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 90, 0, 10, 10);
    crowd(scene, 0, 20);
    scene.found(0, 0, 15, 0, 10, 10, 0.8).found(0, 0, 16, 0, 10, 10, 0.7);
    scene.found(0, 0, 90, 0, 10, 10, 0.5);
    DetectionOutcomes.OfImage outcome = outcomes(scene).of(0);
    assertThat(outcome.hits()).containsExactly(2);
    assertThat(outcome.falseOnes()).containsExactly(1);
  }

  /** Without those in the crowd F1 rises from .67 to 1; with them it would fall to .57. */
  @Test
  void what_lies_in_a_crowd_does_not_move_the_threshold() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 50, 0, 10, 10).groundTruth(0, 0, 90, 0, 10, 10);
    crowd(scene, 0, 20);
    scene.found(0, 0, 50, 0, 10, 10, 0.9).found(0, 0, 90, 0, 10, 10, 0.4);
    for (int i = 0; i < 3; i++) {
      scene.found(0, 0, i, 0, 10, 10, 0.5);
    }
    assertThat(outcomes(scene).of(0).hits()).containsExactly(0, 1);
  }

  /** F1 is 2/3 for the first and 4/7 for all five; were the crowd an object, 2/4 and 4/8. */
  @Test
  void a_crowd_is_no_object_that_could_be_missed() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 30, 0, 10, 10).groundTruth(0, 0, 60, 0, 10, 10);
    crowd(scene, 0, 20);
    scene.found(0, 0, 30, 0, 10, 10, 0.9);
    for (int i = 0; i < 3; i++) {
      scene.found(0, 0, 80, 20 * i, 10, 10, 0.8);
    }
    scene.found(0, 0, 60, 0, 10, 10, 0.5);
    DetectionOutcomes.OfImage outcome = outcomes(scene).of(0);
    assertThat(outcome.hits()).containsExactly(0);
    assertThat(outcome.falseOnes()).isEmpty();
    assertThat(outcome.missed()).containsExactly(1);
  }

  /** All of .5 together have an F1 of 4/8, below the 2/3 of the first alone. */
  @Test
  void detections_of_one_score_are_taken_or_left_together() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10).groundTruth(0, 0, 30, 0, 10, 10);
    scene.found(0, 0, 0, 0, 10, 10, 0.9).found(0, 0, 30, 0, 10, 10, 0.5);
    for (int i = 0; i < 4; i++) {
      scene.found(0, 0, 60, 20 * i, 10, 10, 0.5);
    }
    assertThat(outcomes(scene).of(0).hits()).containsExactly(0);
    assertThat(outcomes(scene).of(0).errors()).isEqualTo(1);
  }

  @Test
  void the_threshold_goes_by_score_and_not_by_the_order_of_the_file() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10).groundTruth(0, 0, 30, 0, 10, 10);
    scene.found(0, 0, 0, 0, 10, 10, 0.3).found(0, 0, 30, 0, 10, 10, 0.9);
    assertThat(outcomes(scene).of(0).hits()).containsExactly(1, 0);
  }
}
