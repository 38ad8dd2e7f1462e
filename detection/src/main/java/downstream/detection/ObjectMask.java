package downstream.detection;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.detection.metrics.mask.Rle;
import downstream.eval.data.annotation.Box;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Set of the image points that an annotated object covers: the inside of its polygons, united,
 * where a point is inside if a ray from it crosses the polygon an odd number of times; or the
 * pixels of its runs.
 */
final class ObjectMask {
  private static final int FEWEST_NUMBERS = 6;

  /** x, y, x, y, … of each polygon, in pixels of the image. */
  private final List<double[]> polygons;

  private final boolean[] pixels;
  private final int width;

  private ObjectMask(List<double[]> polygons, boolean[] pixels, int width) {
    this.polygons = polygons;
    this.pixels = pixels;
    this.width = width;
  }

  /** The object's, if its annotation has one; a polygon of fewer than 3 points is none. */
  static Optional<ObjectMask> of(Box box) {
    return box.segmentation().flatMap(ObjectMask::read);
  }

  private static Optional<ObjectMask> read(JsonNode segmentation) {
    if (segmentation.isObject()) {
      return runs(segmentation);
    }
    List<double[]> polygons = new ArrayList<>();
    for (JsonNode polygon : segmentation) {
      if (polygon.isArray() && polygon.size() >= FEWEST_NUMBERS) {
        double[] points = new double[polygon.size() / 2 * 2];
        Arrays.setAll(points, i -> polygon.get(i).asDouble());
        polygons.add(points);
      }
    }
    return polygons.isEmpty()
        ? Optional.empty()
        : Optional.of(new ObjectMask(polygons, new boolean[0], 0));
  }

  /** Runs as COCO writes them: numbers, or its compressed text. */
  private static Optional<ObjectMask> runs(JsonNode runs) {
    JsonNode counts = runs.path("counts");
    int height = runs.path("size").path(0).asInt();
    int width = runs.path("size").path(1).asInt();
    if (width < 1 || !(counts.isTextual() || counts.isArray())) {
      return Optional.empty();
    }
    int[] numbers = new int[counts.size()];
    Arrays.setAll(numbers, i -> counts.get(i).asInt());
    Rle mask =
        counts.isTextual()
            ? Rle.ofText(height, width, counts.asText())
            : Rle.ofRuns(height, width, numbers);
    return Optional.of(new ObjectMask(List.of(), mask.toPixels(), width));
  }

  /**
   * Tests a grid of points.
   *
   * @return row by row
   */
  boolean[] covers(double[] xs, double[] ys) {
    boolean[] covered = new boolean[xs.length * ys.length];
    for (int row = 0; row < ys.length; row++) {
      for (int column = 0; width > 0 && column < xs.length; column++) {
        covered[row * xs.length + column] = pixel(xs[column], ys[row]);
      }
      for (double[] polygon : polygons) {
        double[] crossings = crossings(polygon, ys[row]);
        for (int column = 0; column < xs.length; column++) {
          covered[row * xs.length + column] |= odd(crossings, xs[column]);
        }
      }
    }
    return covered;
  }

  private boolean pixel(double x, double y) {
    int column = (int) Math.floor(x);
    int row = (int) Math.floor(y);
    int height = pixels.length / width;
    return column >= 0
        && row >= 0
        && column < width
        && row < height
        && pixels[row * width + column];
  }

  /** Returns the x coordinates at which a horizontal line crosses the polygon's sides. */
  private static double[] crossings(double[] polygon, double y) {
    double[] crossings = new double[polygon.length / 2];
    int count = 0;
    int before = polygon.length - 2;
    for (int i = 0; i < polygon.length; i += 2) {
      double y0 = polygon[before + 1];
      double y1 = polygon[i + 1];
      if (y0 <= y != y1 <= y) {
        double share = (y - y0) / (y1 - y0);
        crossings[count++] = polygon[before] + share * (polygon[i] - polygon[before]);
      }
      before = i;
    }
    return Arrays.copyOf(crossings, count);
  }

  private static boolean odd(double[] crossings, double x) {
    boolean odd = false;
    for (double crossing : crossings) {
      odd ^= crossing <= x;
    }
    return odd;
  }
}
