package downstream.detection;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.data.Box;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which points of a picture an annotated object covers: the inside of its polygons, united; a point
 * is inside a polygon that crosses a ray from it an odd number of times.
 */
final class Silhouette {
  private static final int FEWEST_NUMBERS = 6;

  /** x, y, x, y, … of each polygon, in pixels of the picture. */
  private final List<double[]> polygons;

  private Silhouette(List<double[]> polygons) {
    this.polygons = polygons;
  }

  /** The object's, if its annotation has one; a polygon of fewer than 3 points is none. */
  static Optional<Silhouette> of(Box box) {
    return box.segmentation().flatMap(Silhouette::read);
  }

  private static Optional<Silhouette> read(JsonNode segmentation) {
    List<double[]> polygons = new ArrayList<>();
    for (JsonNode polygon : segmentation) {
      if (polygon.isArray() && polygon.size() >= FEWEST_NUMBERS) {
        double[] points = new double[polygon.size() / 2 * 2];
        Arrays.setAll(points, i -> polygon.get(i).asDouble());
        polygons.add(points);
      }
    }
    return polygons.isEmpty() ? Optional.empty() : Optional.of(new Silhouette(polygons));
  }

  /**
   * Tests a grid of points.
   *
   * @return row by row
   */
  boolean[] covers(double[] xs, double[] ys) {
    boolean[] covered = new boolean[xs.length * ys.length];
    for (int row = 0; row < ys.length; row++) {
      for (double[] polygon : polygons) {
        double[] crossings = crossings(polygon, ys[row]);
        for (int column = 0; column < xs.length; column++) {
          covered[row * xs.length + column] |= odd(crossings, xs[column]);
        }
      }
    }
    return covered;
  }

  /** Where a horizontal line meets the polygon's sides. */
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
