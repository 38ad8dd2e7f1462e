package downstream.eval.data.synthetic;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns a pixel mask into polygons along pixel edges, exactly: the areas of the polygons add up to
 * the pixels of the mask. Parts that touch at corners only are polygons of their own. COCO's
 * polygons know no holes, so a part with a hole is cut in two through it.
 */
final class Outline {
  // Directions in which an edge runs, in clockwise order with y down.
  private static final int[] STEP_X = {1, 0, -1, 0};
  private static final int[] STEP_Y = {0, 1, 0, -1};

  private final boolean[] mask;
  private final int width;
  private final int from;
  private final int to;
  private final boolean[] edges;

  private Outline(boolean[] mask, int width, int from, int to) {
    this.mask = mask;
    this.width = width;
    this.from = from;
    this.to = to;
    this.edges = new boolean[4 * (width + 1) * (mask.length / width + 1)];
  }

  /** Polygons x₀, y₀, x₁, y₁, … of a mask of that width. */
  static List<List<Integer>> of(boolean[] mask, int width) {
    return new Outline(mask, width, 0, width).polygons();
  }

  private List<List<Integer>> polygons() {
    markEdges();
    List<List<Integer>> polygons = new ArrayList<>();
    for (int edge = 0; edge < edges.length; edge++) {
      if (edges[edge]) {
        List<Integer> polygon = trace(edge);
        if (doubleArea(polygon) < 0) {
          return cutAt(left(polygon));
        }
        polygons.add(polygon);
      }
    }
    return polygons;
  }

  /**
   * Splits the polygons at a column: left of the hole nothing is enclosed any more; right of the
   * cut it is a notch.
   */
  private List<List<Integer>> cutAt(int column) {
    List<List<Integer>> polygons = new ArrayList<>();
    polygons.addAll(new Outline(mask, width, from, column).polygons());
    polygons.addAll(new Outline(mask, width, column, to).polygons());
    return polygons;
  }

  /** Directed edges with the mask on their right-hand side. */
  private void markEdges() {
    for (int y = 0; y < mask.length / width; y++) {
      for (int x = from; x < to; x++) {
        if (in(x, y)) {
          edges[edge(x, y, 0)] = !in(x, y - 1);
          edges[edge(x + 1, y, 1)] = !in(x + 1, y);
          edges[edge(x + 1, y + 1, 2)] = !in(x, y + 1);
          edges[edge(x, y + 1, 3)] = !in(x - 1, y);
        }
      }
    }
  }

  /** Follows edges from this one back to it, turning right wherever possible; uses them up. */
  private List<Integer> trace(int start) {
    List<Integer> corners = new ArrayList<>();
    int direction = start % 4;
    int x = start / 4 % (width + 1);
    int y = start / 4 / (width + 1);
    int turn = -1;
    while (edges[edge(x, y, direction)]) {
      if (direction != turn) {
        corners.add(x);
        corners.add(y);
      }
      edges[edge(x, y, direction)] = false;
      turn = direction;
      x += STEP_X[direction];
      y += STEP_Y[direction];
      direction = next(x, y, direction);
    }
    return corners;
  }

  private int next(int x, int y, int direction) {
    int right = (direction + 1) % 4;
    int left = (direction + 3) % 4;
    if (edges[edge(x, y, right)]) {
      return right;
    }
    return edges[edge(x, y, direction)] ? direction : left;
  }

  private boolean in(int x, int y) {
    return x >= from && x < to && y >= 0 && y < mask.length / width && mask[y * width + x];
  }

  private int edge(int x, int y, int direction) {
    return 4 * (y * (width + 1) + x) + direction;
  }

  /**
   * Returns twice the area by the shoelace formula: positive for an outer rim, negative for a hole.
   */
  static long doubleArea(List<Integer> polygon) {
    long sum = 0;
    int n = polygon.size();
    for (int i = 0; i < n; i += 2) {
      long x = polygon.get(i);
      long y = polygon.get(i + 1);
      sum += x * polygon.get((i + 3) % n) - polygon.get((i + 2) % n) * y;
    }
    return sum;
  }

  private static int left(List<Integer> polygon) {
    int left = Integer.MAX_VALUE;
    for (int i = 0; i < polygon.size(); i += 2) {
      left = Math.min(left, polygon.get(i));
    }
    return left;
  }
}
