package downstream.detection.metrics.coco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.DetectionResults;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.MetricValue;
import downstream.detection.metrics.SlowCoco;
import downstream.eval.task.Score;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CocoEvaluatorTest {
  private static final int IMAGES = 6;
  private static final int CATEGORIES = 3;

  /** A random little evaluation, rich in ties, crowds, doubled boxes and size boundaries. */
  private static final class Case {
    final List<SlowCoco.Truth> groundTruth = new ArrayList<>();
    final List<SlowCoco.Found> found = new ArrayList<>();

    Case(long seed) {
      Random random = new Random(seed);
      for (int i = 0; i < 30; i++) {
        List<Double> box = box(random);
        double area = random.nextInt(4) == 0 ? 1024 : box.get(2) * box.get(3) * 0.8;
        int category = random.nextInt(CATEGORIES);
        groundTruth.add(
            new SlowCoco.Truth(
                random.nextInt(IMAGES), category, box, area, random.nextInt(6) == 0));
      }
      for (int i = 0; i < 80; i++) {
        SlowCoco.Truth near = groundTruth.get(random.nextInt(groundTruth.size()));
        List<Double> box = random.nextInt(4) == 0 ? box(random) : shifted(near.box(), random);
        int image = random.nextInt(5) == 0 ? random.nextInt(IMAGES) : near.image();
        int category = random.nextInt(8) == 0 ? random.nextInt(CATEGORIES) : near.category();
        found.add(new SlowCoco.Found(image, category, box, random.nextInt(12) / 12.0));
      }
    }

    private static List<Double> box(Random random) {
      double x = random.nextInt(60);
      double y = random.nextInt(60);
      double side = 8 << random.nextInt(5);
      return List.of(x, y, side, side * (1 + random.nextInt(2)));
    }

    private static List<Double> shifted(List<Double> box, Random random) {
      List<Double> moved = new ArrayList<>(box);
      int at = random.nextInt(4);
      moved.set(at, moved.get(at) + random.nextInt(3));
      return moved;
    }

    MatchTable match(EvaluatorSettings settings) {
      BoxTable groundTruths = new BoxTable();
      for (SlowCoco.Truth t : groundTruth) {
        int row = add(groundTruths, t.image(), t.category(), t.box(), 0);
        groundTruths.area[row] = t.area();
        groundTruths.crowd.set(row, t.crowd());
      }
      BoxTable boxes = new BoxTable();
      for (SlowCoco.Found f : found) {
        add(boxes, f.image(), f.category(), f.box(), f.score());
      }
      GroundTruth gt =
          new GroundTruth(
              LongStream.range(0, IMAGES).boxed().toList(),
              LongStream.range(0, CATEGORIES).boxed().toList(),
              List.of("a", "b", "c"),
              groundTruths,
              List.of());
      return CocoEvaluator.match(gt, new DetectionResults(boxes, 0, List.of()), settings);
    }
  }

  private static int add(BoxTable table, int image, int category, List<Double> box, double score) {
    return table.add(image, category, box.get(0), box.get(1), box.get(2), box.get(3), score);
  }

  @Test
  void agrees_with_the_slow_evaluator_on_random_cases_with_ties_and_crowds() {
    EvaluatorSettings settings = new EvaluatorSettings(false, false, List.of(1, 3, 7));
    for (int seed = 0; seed < 60; seed++) {
      Case random = new Case(seed);
      Score score = CocoMetrics.score(random.match(settings));
      SlowCoco slow = new SlowCoco(random.groundTruth, random.found, IMAGES, CATEGORIES);
      double[] all = ClassMatches.THRESHOLDS;
      check(score, "AP", slow.metrics(0, 1e10, 7, all)[0], seed);
      check(score, "AP50", slow.metrics(0, 1e10, 7, new double[] {0.5})[0], seed);
      check(score, "AP75", slow.metrics(0, 1e10, 7, new double[] {0.75})[0], seed);
      check(score, "AR1", slow.metrics(0, 1e10, 1, all)[1], seed);
      check(score, "AR3", slow.metrics(0, 1e10, 3, all)[1], seed);
      check(score, "AR7", slow.metrics(0, 1e10, 7, all)[1], seed);
      double[][] ranges = ClassMatches.RANGES;
      String[] sizes = {"", "s", "m", "l"};
      for (int range = 1; range < ranges.length; range++) {
        double[] metrics = slow.metrics(ranges[range][0], ranges[range][1], 7, all);
        check(score, "AP" + sizes[range], metrics[0], seed);
        check(score, "AR" + sizes[range], metrics[1], seed);
      }
    }
  }

  private static void check(Score score, String name, double expected, int seed) {
    double value = MetricValue.of(score, name, Double.NaN);
    if (Double.isNaN(expected)) {
      assertThat(value).as("%s of seed %d", name, seed).isNaN();
    } else {
      assertThat(value).as("%s of seed %d", name, seed).isCloseTo(expected, within(1e-12));
    }
  }

  @Test
  void weights_of_one_give_the_plain_score_exactly() {
    MatchTable table = new Case(3).match(EvaluatorSettings.COCO);
    double[] once = {1, 1, 1, 1, 1, 1};
    assertThat(CocoMetrics.score(table, once)).isEqualTo(CocoMetrics.score(table));
  }

  @Test
  void a_weight_counts_an_image_as_if_it_were_there_that_often() {
    for (int seed = 0; seed < 20; seed++) {
      Case once = withoutTies(new Case(seed));
      Case repeated = new Case(seed);
      repeated.groundTruth.clear();
      repeated.found.clear();
      double[] weights = {2, 0, 1, 3, 1, 0};
      int image = 0;
      for (int original = 0; original < IMAGES; original++) {
        for (int copy = 0; copy < weights[original]; copy++, image++) {
          copy(once, original, repeated, image);
        }
      }
      assertThat(image).isGreaterThan(IMAGES);
      Score weighted = CocoMetrics.score(once.match(EvaluatorSettings.COCO), weights);
      SlowCoco slow = new SlowCoco(repeated.groundTruth, repeated.found, image, CATEGORIES);
      double[] known = slow.metrics(0, 1e10, 100, ClassMatches.THRESHOLDS);
      check(weighted, "AP", known[0], seed);
      check(weighted, "AR100", known[1], seed);
    }
  }

  private static Case withoutTies(Case random) {
    List<SlowCoco.Found> untied = new ArrayList<>();
    for (int i = 0; i < random.found.size(); i++) {
      SlowCoco.Found f = random.found.get(i);
      untied.add(new SlowCoco.Found(f.image(), f.category(), f.box(), f.score() + i * 1e-6));
    }
    random.found.clear();
    random.found.addAll(untied);
    return random;
  }

  private static void copy(Case from, int original, Case to, int image) {
    from.groundTruth.stream()
        .filter(t -> t.image() == original)
        .forEach(
            t ->
                to.groundTruth.add(
                    new SlowCoco.Truth(image, t.category(), t.box(), t.area(), t.crowd())));
    from.found.stream()
        .filter(f -> f.image() == original)
        .forEach(f -> to.found.add(new SlowCoco.Found(image, f.category(), f.box(), f.score())));
  }

  @Test
  void order_of_images_and_boxes_does_not_matter_without_ties() {
    Case random = withoutTies(new Case(11));
    Score before = CocoMetrics.score(random.match(EvaluatorSettings.COCO));
    Collections.shuffle(random.found, new Random(1));
    Score after = CocoMetrics.score(random.match(EvaluatorSettings.COCO));
    assertThat(after.metrics()).isEqualTo(before.metrics());
  }

  @Test
  void metrics_lie_between_zero_and_one() {
    for (int seed = 0; seed < 20; seed++) {
      CocoMetrics.score(new Case(seed).match(EvaluatorSettings.COCO))
          .metrics()
          .forEach((name, v) -> assertThat(v.orElse(0.0)).as(name).isBetween(0.0, 1.0));
    }
  }

  @Test
  void without_100_among_the_limits_only_pycocotools_has_no_ap() {
    EvaluatorSettings ours = new EvaluatorSettings(false, false, List.of(5));
    EvaluatorSettings compat = new EvaluatorSettings(true, false, List.of(5));
    assertThat(CocoMetrics.score(new Case(2).match(ours)).metrics().get("AP")).isPresent();
    assertThat(CocoMetrics.score(new Case(2).match(compat)).metrics().get("AP")).isEmpty();
  }

  @Test
  void with_100_among_the_limits_pycocotools_has_ap() {
    EvaluatorSettings compat = new EvaluatorSettings(true, false, List.of(5, 100));
    assertThat(CocoMetrics.score(new Case(2).match(compat)).metrics().get("AP")).isPresent();
  }

  @Test
  void thresholds_and_recall_points_are_numpys_to_the_last_bit() {
    assertThat(ClassMatches.THRESHOLDS)
        .containsExactly(0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.8999999999999999, 0.95);
    assertThat(35 * 0.01).isEqualTo(0.35000000000000003);
  }
}
