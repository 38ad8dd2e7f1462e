package downstream.segmentation.metrics;

import static downstream.segmentation.metrics.Given.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.data.image.LabelMap;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BoundaryTest {
  @Test
  void reaches_two_percent_of_the_diagonal_and_at_least_a_pixel() {
    assertThat(InteriorPixels.reach(2048, 1024)).isEqualTo(46);
    assertThat(InteriorPixels.reach(320, 240)).isEqualTo(8);
    assertThat(InteriorPixels.reach(3, 4)).isEqualTo(1);
  }

  /** In a 3×3 map of one class all but the middle lies at the border. */
  @Test
  void takes_the_border_of_the_image_for_outline() {
    LabelMap map = LabelMap.of(3, 3, bytes(0, 0, 0, 0, 0, 0, 0, 0, 0));
    assertThat(InteriorPixels.of(map, 1).stream()).containsExactly(4);
  }

  @Test
  void prediction_on_ignored_pixels_moves_nothing() {
    LabelMap groundTruth = map(40, 30, 3, new SplittableRandom(4), 255);
    byte[] values = groundTruth.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = values[i] == (byte) 255 ? (byte) (i % 3) : values[i];
    }
    BoundaryIou boundary = new BoundaryIou(3);
    boundary.add(groundTruth, LabelMap.of(40, 30, values));

    assertThat(boundary.agreement().meanIou()).hasValue(1.0);
  }

  @Test
  void agrees_with_erosion_by_hand_on_random_maps() {
    SplittableRandom random = new SplittableRandom(11);
    int compared = 0;
    for (int round = 0; round < 60; round++) {
      int width = 1 + random.nextInt(120);
      int height = 1 + random.nextInt(90);
      int classes = 1 + random.nextInt(4);
      LabelMap groundTruth = map(width, height, classes, random, 255);
      LabelMap prediction = map(width, height, classes, random, -1);
      BoundaryIou boundary = new BoundaryIou(classes);
      boundary.add(groundTruth, prediction);
      List<SegmentationMetrics.OfClass> found = boundary.agreement().classes();
      for (int c = 0; c < classes; c++) {
        assertThat(found.get(c).iou()).isEqualTo(slow(groundTruth, prediction, c));
        compared += found.get(c).hits() > 0 ? 1 : 0;
      }
    }
    assertThat(compared).isGreaterThan(50);
  }

  @Test
  void agrees_with_detectron2_s_steps_done_one_by_one() {
    SplittableRandom random = new SplittableRandom(12);
    int compared = 0;
    for (int round = 0; round < 60; round++) {
      int width = 1 + random.nextInt(120);
      int height = 1 + random.nextInt(90);
      int classes = 1 + random.nextInt(4);
      LabelMap groundTruth = map(width, height, classes, random, 255);
      LabelMap prediction = map(width, height, classes, random, -1);
      Detectron2BoundaryIou boundary = new Detectron2BoundaryIou(classes);
      boundary.add(groundTruth, prediction);
      for (int c = 0; c < classes; c++) {
        SegmentationMetrics.OfClass found = boundary.agreement().classes().get(c);
        assertThat(found.iou()).isEqualTo(detectron2(groundTruth, prediction, classes, c));
        compared += found.hits() > 0 ? 1 : 0;
      }
    }
    assertThat(compared).isGreaterThan(50);
  }

  /** Equation 2, mask by mask: outline = mask without its erosion, 3×3, {@code reach} times. */
  private static Optional<Double> slow(LabelMap groundTruth, LabelMap prediction, int c) {
    int[][] t = new int[groundTruth.height()][groundTruth.width()];
    int[][] p = new int[groundTruth.height()][groundTruth.width()];
    for (int y = 0; y < groundTruth.height(); y++) {
      for (int x = 0; x < groundTruth.width(); x++) {
        t[y][x] = groundTruth.at(x, y) == c ? 1 : 0;
        p[y][x] = groundTruth.at(x, y) != 255 && prediction.at(x, y) == c ? 1 : 0;
      }
    }
    int[][] outlineOfGroundTruth = withoutErosion(t);
    int[][] outlineOfPrediction = withoutErosion(p);
    double both = 0;
    double either = 0;
    for (int y = 0; y < t.length; y++) {
      for (int x = 0; x < t[y].length; x++) {
        both += outlineOfGroundTruth[y][x] * outlineOfPrediction[y][x];
        either += Math.max(outlineOfGroundTruth[y][x], outlineOfPrediction[y][x]);
      }
    }
    return either == 0 ? Optional.empty() : Optional.of(both / either);
  }

  private static Optional<Double> detectron2(
      LabelMap groundTruth, LabelMap prediction, int classes, int c) {
    int[][] t = new int[groundTruth.height()][groundTruth.width()];
    int[][] p = new int[groundTruth.height()][groundTruth.width()];
    for (int y = 0; y < t.length; y++) {
      for (int x = 0; x < t[y].length; x++) {
        t[y][x] = groundTruth.at(x, y) == 255 ? classes : groundTruth.at(x, y);
        p[y][x] = prediction.at(x, y);
      }
    }
    int[][] ofGroundTruth = withoutErosion(t);
    int[][] ofPrediction = withoutErosion(p);
    double hits = 0;
    double union = 0;
    for (int y = 0; y < t.length; y++) {
      for (int x = 0; x < t[y].length; x++) {
        boolean counts = ofGroundTruth[y][x] < classes && ofPrediction[y][x] < classes;
        boolean isTrue = counts && ofGroundTruth[y][x] == c;
        boolean isPredicted = counts && ofPrediction[y][x] == c;
        hits += isTrue && isPredicted ? 1 : 0;
        union += isTrue || isPredicted ? 1 : 0;
      }
    }
    return union == 0 ? Optional.empty() : Optional.of(hits / union);
  }

  /** The image minus its erosion: 3×3 minimum with 0 outside, {@code reach} times. */
  private static int[][] withoutErosion(int[][] image) {
    int[][] eroded = image;
    for (int i = 0; i < InteriorPixels.reach(image[0].length, image.length); i++) {
      eroded = eroded(eroded);
    }
    int[][] outline = new int[image.length][image[0].length];
    for (int y = 0; y < image.length; y++) {
      for (int x = 0; x < image[y].length; x++) {
        outline[y][x] = image[y][x] - eroded[y][x];
      }
    }
    return outline;
  }

  private static int[][] eroded(int[][] image) {
    int[][] eroded = new int[image.length][image[0].length];
    for (int y = 1; y + 1 < image.length; y++) {
      for (int x = 1; x + 1 < image[y].length; x++) {
        int least = Integer.MAX_VALUE;
        for (int dy = -1; dy <= 1; dy++) {
          for (int dx = -1; dx <= 1; dx++) {
            least = Math.min(least, image[y + dy][x + dx]);
          }
        }
        eroded[y][x] = least;
      }
    }
    return eroded;
  }

  /** Overlapping rectangles of random classes, some of {@code other} if it is not negative. */
  private static LabelMap map(
      int width, int height, int classes, SplittableRandom random, int other) {
    byte[] values = new byte[width * height];
    for (int n = 0; n < 6; n++) {
      int value = other >= 0 && n == 5 ? other : random.nextInt(classes);
      int x = random.nextInt(width);
      int y = random.nextInt(height);
      int right = x + 1 + random.nextInt(width - x);
      int bottom = y + 1 + random.nextInt(height - y);
      for (int i = 0; i < values.length; i++) {
        boolean inside =
            i % width >= x && i % width < right && i / width >= y && i / width < bottom;
        values[i] = inside ? (byte) value : values[i];
      }
    }
    return LabelMap.of(width, height, values);
  }
}
