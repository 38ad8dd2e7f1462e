package downstream.detection.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import downstream.detection.metrics.coco.ClassMatches;
import downstream.detection.metrics.coco.CocoEvaluator;
import downstream.detection.metrics.coco.CocoMetrics;
import downstream.detection.metrics.mask.PolygonRaster;
import downstream.detection.metrics.mask.Rle;
import downstream.eval.task.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MaskEvaluatorTest {
  private static final int SIDE = 90;
  private static final int IMAGES = 3;
  private static final int CATEGORIES = 2;

  /** The ellipse drawn into a box, pixel by pixel. */
  private static boolean[] ellipse(List<Double> box) {
    boolean[] pixels = new boolean[SIDE * SIDE];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        double dx = (x + 0.5 - box.get(0)) / box.get(2) * 2 - 1;
        double dy = (y + 0.5 - box.get(1)) / box.get(3) * 2 - 1;
        pixels[y * SIDE + x] = dx * dx + dy * dy <= 1;
      }
    }
    return pixels;
  }

  private static final class Ellipses implements SlowCoco.Geometry {
    @Override
    public double iou(SlowCoco.Found found, SlowCoco.Truth groundTruth) {
      boolean[] a = ellipse(found.box());
      boolean[] b = ellipse(groundTruth.box());
      int inner = 0;
      int union = 0;
      for (int i = 0; i < a.length; i++) {
        inner += a[i] && b[i] ? 1 : 0;
        union += a[i] || b[i] ? 1 : 0;
      }
      return inner == 0 ? 0 : inner / (groundTruth.crowd() ? area(found) : union);
    }

    @Override
    public double area(SlowCoco.Found found) {
      double area = 0;
      for (boolean pixel : ellipse(found.box())) {
        area += pixel ? 1 : 0;
      }
      return area;
    }
  }

  @Test
  @Tag("thorough")
  void agrees_with_the_slow_evaluator_on_random_masks_with_ties_and_crowds() {
    EvaluatorSettings settings =
        new EvaluatorSettings(Iou.segm, false, false, Convention.coco, List.of(1, 4));
    for (int seed = 0; seed < 12; seed++) {
      Random random = new Random(seed);
      List<SlowCoco.Truth> groundTruth = new ArrayList<>();
      List<SlowCoco.Found> found = new ArrayList<>();
      BoxTable groundTruths = new BoxTable();
      BoxTable boxes = new BoxTable();
      for (int i = 0; i < 8; i++) {
        List<Double> box = box(random);
        double area = random.nextInt(4) == 0 ? 1024 : box.get(2) * box.get(3) * 0.8;
        SlowCoco.Truth t =
            new SlowCoco.Truth(
                random.nextInt(IMAGES),
                random.nextInt(CATEGORIES),
                box,
                area,
                random.nextInt(5) == 0);
        groundTruth.add(t);
        int row = add(groundTruths, t.image(), t.category(), box, 0);
        groundTruths.area[row] = area;
        groundTruths.crowd.set(row, t.crowd());
      }
      for (int i = 0; i < 18; i++) {
        SlowCoco.Truth near = groundTruth.get(random.nextInt(groundTruth.size()));
        List<Double> box = new ArrayList<>(near.box());
        int at = random.nextInt(4);
        box.set(at, box.get(at) + random.nextInt(9));
        SlowCoco.Found f =
            new SlowCoco.Found(near.image(), near.category(), box, random.nextInt(8) / 8.0);
        found.add(f);
        int row = add(boxes, f.image(), f.category(), box, f.score());
        boxes.area[row] = boxes.mask(row).orElseThrow().area();
      }
      GroundTruth gt =
          new GroundTruth(
              List.of(0L, 1L, 2L), List.of(0L, 1L), List.of("a", "b"), groundTruths, List.of());
      DetectionResults results = new DetectionResults(boxes, 0, List.of());
      Score score = CocoMetrics.score(CocoEvaluator.match(gt, results, settings));
      SlowCoco slow = new SlowCoco(groundTruth, found, IMAGES, CATEGORIES, new Ellipses());
      double[] all = slow.metrics(0, 1e10, 4, ClassMatches.THRESHOLDS);
      assertThat(MetricValue.of(score, "AP", Double.NaN)).isCloseTo(all[0], within(1e-12));
      assertThat(MetricValue.of(score, "AR4", Double.NaN)).isCloseTo(all[1], within(1e-12));
      double[] small = slow.metrics(0, 1024, 4, ClassMatches.THRESHOLDS);
      if (!Double.isNaN(small[0])) {
        assertThat(MetricValue.of(score, "APs", Double.NaN)).isCloseTo(small[0], within(1e-12));
      }
    }
  }

  private static List<Double> box(Random random) {
    return List.of(
        (double) random.nextInt(50),
        (double) random.nextInt(50),
        8.0 + random.nextInt(40),
        8.0 + random.nextInt(40));
  }

  private static int add(BoxTable table, int image, int category, List<Double> box, double score) {
    int row = table.add(image, category, box.get(0), box.get(1), box.get(2), box.get(3), score);
    table.mask(row, Rle.ofPixels(ellipse(box), SIDE, SIDE));
    return row;
  }

  @Test
  void masks_of_images_of_different_sizes_never_match() {
    BoxTable a = new BoxTable();
    a.mask(a.add(0, 0, 0, 0, 4, 4, 1), PolygonRaster.box(new double[] {0, 0, 4, 4}, 8, 8));
    BoxTable b = new BoxTable();
    b.mask(b.add(0, 0, 0, 0, 4, 4, 0), PolygonRaster.box(new double[] {0, 0, 4, 4}, 8, 9));
    assertThat(Overlaps.of(Iou.segm, a, b).of(0, 0)).isEqualTo(-1);
    assertThat(Overlaps.of(Iou.segm, a, a).of(0, 0)).isEqualTo(1);
  }

  private static BoxTable mask(double x, int width) {
    BoxTable table = new BoxTable();
    int row = table.add(0, 0, 0, 0, 4, 4, 1);
    table.mask(row, PolygonRaster.box(new double[] {x, 0, 4, 4}, 8, width));
    return table;
  }

  /** pycocotools looks at the boxes around two masks before it looks at their sizes. */
  @Test
  void masks_whose_boxes_are_apart_or_touch_have_no_overlap_whatever_their_sizes() {
    assertThat(Overlaps.of(Iou.segm, mask(0, 12), mask(8, 12)).of(0, 0)).isZero();
    assertThat(Overlaps.of(Iou.segm, mask(0, 12), mask(8, 13)).of(0, 0)).isZero();
    assertThat(Overlaps.of(Iou.segm, mask(0, 12), mask(4, 13)).of(0, 0)).isZero();
  }

  /** Half of the detection is in the object: 8 of 16 pixels, of 24 together. */
  @Test
  void crowds_may_be_taken_for_objects() {
    BoxTable crowd = mask(2, 12);
    crowd.crowd.set(0);
    assertThat(Overlaps.of(Iou.segm, mask(0, 12), crowd).of(0, 0)).isEqualTo(0.5);
    assertThat(Overlaps.withoutCrowds(Iou.segm, mask(0, 12), crowd).of(0, 0)).isEqualTo(8 / 24.0);
  }
}
