package downstream.detection.metrics.tide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.MetricValue;
import downstream.detection.metrics.Scene;
import downstream.detection.metrics.coco.ClassMatches;
import downstream.detection.metrics.coco.CocoEvaluator;
import downstream.detection.metrics.coco.CocoMetrics;
import downstream.detection.metrics.coco.MatchTable;
import downstream.detection.metrics.tide.Tide.Kind;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Each kind of error alone, its cost by hand. */
class TideTest {
  private static final double[] NEAR = {0, 0, 10, 10};

  private static Scene scene() {
    return new Scene(1, 2).groundTruth(0, 0, 0, 0, 10, 10).groundTruth(0, 1, 500, 0, 10, 10);
  }

  private static Tide.Errors of(Scene scene) {
    return Tide.of(scene.gt(), scene.results(), EvaluatorSettings.COCO);
  }

  private static void only(Tide.Errors errors, Kind kind, double cost) {
    assertThat(errors.count().get(kind)).isEqualTo(1);
    assertThat(Objects.requireNonNull(errors.cost().get(kind))).isCloseTo(cost, within(1e-12));
  }

  @Test
  void the_wrong_class_in_the_right_place_costs_what_the_right_one_would_gain() {
    Tide.Errors errors = of(scene().found(0, 1, 0, 0, 10, 10, 0.9));
    only(errors, Kind.Cls, 0.5);
    assertThat(errors.ap()).isZero();
    assertThat(errors.count().get(Kind.Miss)).as("b; a is pointed at").isEqualTo(1);
  }

  @Test
  void a_box_that_covers_its_class_too_little_is_a_localisation_error() {
    only(of(scene().found(0, 0, 6, 0, 10, 10, 0.9)), Kind.Loc, 0.5);
  }

  @Test
  void too_little_of_another_class_is_both() {
    Tide.Errors errors = of(scene().found(0, 1, 6, 0, 10, 10, 0.9));
    only(errors, Kind.Both, 0);
    assertThat(errors.count().get(Kind.Miss)).isEqualTo(2);
  }

  @Test
  void a_second_hit_ahead_of_another_object_costs_precision() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10).groundTruth(0, 0, 50, 0, 10, 10);
    scene.found(0, 0, 0, 0, 10, 10, 0.9).found(0, 0, 0, 0, 10, 9, 0.8);
    scene.found(0, 0, 50, 0, 10, 10, 0.7);
    only(of(scene), Kind.Dupe, 1 - (51 + 50 * 2 / 3.0) / 101);
  }

  @Test
  void a_box_on_nothing_is_background() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10);
    scene.found(0, 0, 80, 0, 10, 10, 0.9).found(0, 0, 0, 0, 10, 10, 0.8);
    only(of(scene), Kind.Bkg, 0.5);
  }

  @Test
  void an_object_that_nothing_points_at_is_missed() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10).groundTruth(0, 0, 50, 0, 10, 10);
    only(of(scene.found(0, 0, 0, 0, 10, 10, 0.9)), Kind.Miss, 50.0 / 101);
  }

  @Test
  void of_two_errors_on_one_object_the_stronger_is_mended_and_the_other_goes() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10);
    scene.found(0, 0, 6, 0, 10, 10, 0.4).found(0, 0, 0, 6, 10, 10, 0.8);
    Tide.Errors errors = of(scene);
    assertThat(errors.count().get(Kind.Loc)).isEqualTo(2);
    assertThat(errors.cost().get(Kind.Loc)).isEqualTo(1);
  }

  @Test
  void what_lies_in_a_crowd_of_its_class_is_no_error() {
    Scene scene = scene().found(0, 0, 200, 0, 10, 10, 0.9);
    int crowd = scene.groundTruth.add(0, 0, 190, 0, 60, 60, 0);
    scene.groundTruth.crowd.set(crowd);
    assertThat(of(scene).count().get(Kind.Bkg)).isZero();
  }

  @Test
  void every_false_detection_has_one_kind_and_ap_is_cocos_at_one_half() {
    for (int seed = 0; seed < 30; seed++) {
      Random random = new Random(seed);
      Scene scene = new Scene(3, 2);
      for (int i = 0; i < 12; i++) {
        scene.groundTruth(random.nextInt(3), i % 2, random.nextInt(80), random.nextInt(80), 20, 20);
      }
      for (int i = 0; i < 40; i++) {
        double x = random.nextInt(80);
        double y = random.nextInt(80);
        int category = random.nextInt(2);
        scene.found(random.nextInt(3), category, x, y, 20, NEAR[2] + 10, random.nextDouble());
      }
      Tide.Errors errors = of(scene);
      MatchTable table = CocoEvaluator.match(scene.gt(), scene.results(), EvaluatorSettings.COCO);
      long hits = 0;
      for (ClassMatches matches : table.classes()) {
        for (int bits : matches.outcome[0]) {
          hits += bits & ClassMatches.matchedBit(0);
        }
      }
      long named =
          errors.count().entrySet().stream()
              .filter(e -> e.getKey() != Kind.Miss)
              .mapToLong(java.util.Map.Entry::getValue)
              .sum();
      assertThat(named + hits).isEqualTo(40);
      assertThat(errors.ap())
          .isCloseTo(MetricValue.of(CocoMetrics.score(table), "AP50", -1), within(1e-9));
    }
  }

  @Test
  void crowds_are_neither_found_nor_missed_nor_counted() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10);
    scene.groundTruth.crowd.set(scene.groundTruth.add(0, 0, 190, 0, 60, 60, 0));
    assertThat(of(scene.found(0, 0, 200, 0, 10, 10, 0.9)).ap()).isZero();
    Tide.Errors errors = of(scene.found(0, 0, 0, 0, 10, 10, 0.8));
    assertThat(errors.ap()).isEqualTo(1);
    assertThat(errors.count().get(Kind.Miss)).isZero();
  }

  @Test
  void a_crowd_excuses_its_own_class_and_what_lies_in_it_by_more_than_half() {
    Scene scene = scene();
    scene.groundTruth.crowd.set(scene.groundTruth.add(0, 0, 190, 0, 60, 60, 0));
    scene.found(0, 1, 200, 0, 10, 10, 0.9).found(0, 0, 185, 0, 10, 10, 0.8);
    scene.found(0, 0, 186, 0, 10, 10, 0.7);
    assertThat(of(scene).count().get(Kind.Bkg)).isEqualTo(2);
  }

  @Test
  void classes_without_ground_truth_are_in_no_mean() {
    Scene scene = new Scene(1, 2).groundTruth(0, 0, 0, 0, 10, 10);
    assertThat(of(scene.found(0, 0, 0, 0, 10, 10, 0.9)).ap()).isEqualTo(1);
  }

  @Test
  void without_ground_truth_every_detection_is_background() {
    Tide.Errors errors = of(new Scene(1, 1).found(0, 0, 0, 0, 10, 10, 0.9));
    only(errors, Kind.Bkg, 0);
    assertThat(errors.ap()).isZero();
  }

  @Test
  void detections_beyond_the_limit_of_their_class_and_image_do_not_count() {
    Scene scene = new Scene(2, 2).groundTruth(0, 0, 0, 0, 10, 10);
    for (int i = 0; i < 102; i++) {
      scene.found(0, 0, 100, 0, 10, 10, 0.5).found(1, 0, 100, 0, 10, 10, 0.5);
    }
    scene.found(0, 1, 100, 0, 10, 10, 0.1);
    assertThat(of(scene).count().get(Kind.Bkg)).isEqualTo(100 + 100 + 1);
  }

  @Test
  void an_overlap_of_just_one_half_finds_its_object() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10).found(0, 0, 0, 0, 10, 5, 0.9);
    assertThat(of(scene).ap()).isEqualTo(1);
  }

  @Test
  void an_overlap_of_just_a_bound_is_a_localisation_error_and_then_one_of_class() {
    Scene tenth = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10).found(0, 0, 0, 0, 10, 1, 0.9);
    only(of(tenth), Kind.Loc, 1);
    Scene taken = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10).found(0, 0, 0, 0, 10, 10, 0.9);
    only(of(taken.found(0, 0, 0, 0, 10, 5, 0.8)), Kind.Loc, 0);
    only(of(scene().found(0, 1, 0, 0, 10, 5, 0.9)), Kind.Cls, 0.5);
  }

  /**
   * As tidecv's quantify.py (bolya/tide) compares: ">= pos_thresh", "<= bg_thresh", both for Loc.
   */
  @Test
  void overlaps_at_a_bound_and_just_beside_it_have_the_kinds_of_tidecv() {
    assertThat(kind(0, 0.99)).isEqualTo(Kind.Bkg);
    assertThat(kind(0, 1)).isEqualTo(Kind.Loc);
    assertThat(kind(0, 1.01)).isEqualTo(Kind.Loc);
    assertThat(kind(0, 4.99)).isEqualTo(Kind.Loc);
    assertThat(kind(1, 0.99)).isEqualTo(Kind.Bkg);
    assertThat(kind(1, 1)).isEqualTo(Kind.Bkg);
    assertThat(kind(1, 1.01)).isEqualTo(Kind.Both);
    assertThat(kind(1, 4.99)).isEqualTo(Kind.Both);
    assertThat(kind(1, 5)).isEqualTo(Kind.Cls);
    assertThat(kind(1, 5.01)).isEqualTo(Kind.Cls);
  }

  /** The kind of a false box of this class and height on a box of class 0, 10 wide and high. */
  private static Kind kind(int category, double height) {
    Scene scene = new Scene(1, 2).groundTruth(0, 0, 0, 0, 10, 10).groundTruth(0, 1, 500, 0, 10, 10);
    return falseKind(scene.found(0, category, 0, 0, 10, height, 0.9));
  }

  private static Kind falseKind(Scene scene) {
    return of(scene).count().entrySet().stream()
        .filter(e -> e.getKey() != Kind.Miss && e.getValue() == 1)
        .map(java.util.Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void a_second_box_is_a_duplicate_above_one_half_only() {
    assertThat(second(4.99)).isEqualTo(Kind.Loc);
    assertThat(second(5)).isEqualTo(Kind.Loc);
    assertThat(second(5.01)).isEqualTo(Kind.Dupe);
  }

  private static Kind second(double height) {
    Scene taken = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10).found(0, 0, 0, 0, 10, 10, 0.9);
    return falseKind(taken.found(0, 0, 0, 0, 10, height, 0.8));
  }

  @Test
  void a_crowd_excuses_what_lies_in_it_by_more_than_half_only() {
    assertThat(inCrowd(4.99)).isEqualTo(1);
    assertThat(inCrowd(5)).isEqualTo(1);
    assertThat(inCrowd(5.01)).isZero();
  }

  /** False detections, where the only one lies in a crowd by this much of its height of 10. */
  private static long inCrowd(double height) {
    Scene scene = scene().found(0, 0, 200, 90 + height, 10, 10, 0.9);
    scene.groundTruth.crowd.set(scene.groundTruth.add(0, 0, 190, 100, 60, 60, 0));
    return Objects.requireNonNull(of(scene).count().get(Kind.Bkg));
  }

  /** Fixed at the rank of the second, the hit would come behind the false detection. */
  @Test
  void the_stronger_error_is_fixed_at_its_own_rank_the_first_of_equals() {
    for (double second : new double[] {0.4, 0.8}) {
      Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10);
      scene.found(0, 0, 6, 0, 10, 10, 0.8).found(0, 0, 80, 0, 10, 10, Math.min(0.8, second + 0.1));
      scene.found(0, 0, 0, 6, 10, 10, second);
      assertThat(of(scene).cost().get(Kind.Loc)).isEqualTo(1);
    }
  }

  @Test
  void an_error_on_an_object_that_was_found_is_fixed_into_nothing() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10).groundTruth(0, 0, 50, 0, 10, 10);
    scene.found(0, 0, 0, 0, 10, 10, 0.9).found(0, 0, 6, 0, 10, 10, 0.8);
    only(of(scene), Kind.Loc, 0);
  }

  /** Class b has one object, c two: a hit in b adds 1 to the sum of both, in c 51/101. */
  @Test
  void a_wrong_class_is_fixed_into_the_first_of_the_objects_it_covers_alike() {
    Scene scene = new Scene(1, 3).groundTruth(0, 2, 200, 0, 10, 10);
    scene.groundTruth(0, 1, 0, 0, 10, 10).groundTruth(0, 2, 0, 0, 10, 10);
    only(of(scene.found(0, 0, 0, 0, 10, 10, 0.9)), Kind.Cls, 0.5);
  }
}
