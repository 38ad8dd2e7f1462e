package downstream.detection.metrics.mask;

import java.util.Arrays;

/**
 * Turns polygons into masks exactly as pycocotools does: the outline is drawn on a grid five times
 * as fine, and every place where it steps over the middle of a pixel column starts or ends a run.
 * Not a scan-line fill: which pixels of the border belong differs from one.
 */
public final class PolygonRaster {
  private static final double FINER = 5;

  /** Longest outline in fine steps: far beyond any image, within memory. */
  private static final long MOST_STEPS = 1L << 26;

  private final int height;
  private final int width;
  private final IntList u = new IntList();
  private final IntList v = new IntList();

  private PolygonRaster(int height, int width) {
    this.height = height;
    this.width = width;
  }

  /**
   * The mask of one polygon, clipped to the image.
   *
   * @param corners x and y by turns, in pixels; an odd last number is left aside
   * @throws IllegalArgumentException if a corner lies absurdly far outside
   */
  public static Rle mask(double[] corners, int height, int width) {
    PolygonRaster raster = new PolygonRaster(height, width);
    raster.outline(corners);
    return Rle.trusted(height, width, runs(raster.borders()));
  }

  /** The mask of a box [x, y, width, height]: the polygon of its four corners. */
  public static Rle box(double[] box, int height, int width) {
    double right = box[0] + box[2];
    double bottom = box[1] + box[3];
    double[] corners = {box[0], box[1], box[0], bottom, right, bottom, right, box[1]};
    return mask(corners, height, width);
  }

  private void outline(double[] corners) {
    int count = corners.length / 2;
    int[] x = new int[count + 1];
    int[] y = new int[count + 1];
    for (int i = 0; i < count; i++) {
      x[i] = (int) (FINER * corners[2 * i] + 0.5);
      y[i] = (int) (FINER * corners[2 * i + 1] + 0.5);
    }
    x[count] = x[0];
    y[count] = y[0];
    long steps = 0;
    for (int i = 0; i < count; i++) {
      steps += Math.max(Math.abs((long) x[i] - x[i + 1]), Math.abs((long) y[i] - y[i + 1])) + 1;
    }
    if (steps > MOST_STEPS) {
      throw new IllegalArgumentException("a corner lies far outside of the image");
    }
    for (int i = 0; i < count; i++) {
      line(x[i], y[i], x[i + 1], y[i + 1]);
    }
  }

  /** Every fine point between two corners, both included, in this direction. */
  private void line(int fromX, int fromY, int toX, int toY) {
    int dx = Math.abs(toX - fromX);
    int dy = Math.abs(toY - fromY);
    boolean flat = dx >= dy;
    // Rounding depends on where one starts: always at the lesser end of the longer axis.
    boolean flip = flat ? fromX > toX : fromY > toY;
    int startX = flip ? toX : fromX;
    int startY = flip ? toY : fromY;
    int endX = flip ? fromX : toX;
    int endY = flip ? fromY : toY;
    int steps = Math.max(dx, dy);
    double slope = flat ? (double) (endY - startY) / dx : (double) (endX - startX) / dy;
    for (int d = 0; d <= steps; d++) {
      int t = flip ? steps - d : d;
      u.add(flat ? t + startX : (int) (startX + slope * t + 0.5));
      v.add(flat ? (int) (startY + slope * t + 0.5) : t + startY);
    }
  }

  /** Column-wise pixel numbers where the mask begins or ends, ascending, the last one past it. */
  private int[] borders() {
    IntList borders = new IntList();
    for (int j = 1; j < u.size(); j++) {
      if (u.get(j) == u.get(j - 1)) {
        continue;
      }
      int step = u.get(j) < u.get(j - 1) ? u.get(j) : u.get(j) - 1;
      double x = (step + 0.5) / FINER - 0.5;
      if (Math.floor(x) != x || x < 0 || x > width - 1) {
        continue;
      }
      double y = (Math.min(v.get(j), v.get(j - 1)) + 0.5) / FINER - 0.5;
      y = Math.ceil(Math.max(0, Math.min(height, y)));
      borders.add(((int) x) * height + (int) y);
    }
    borders.add(height * width);
    int[] sorted = borders.toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  /** Differences of the borders; two borders at one place cancel. */
  private static int[] runs(int[] borders) {
    IntList runs = new IntList();
    int run = borders[0];
    for (int j = 1; j < borders.length; j++) {
      if (borders[j] > borders[j - 1]) {
        runs.add(run);
        run = borders[j] - borders[j - 1];
      } else if (++j < borders.length) {
        run += borders[j] - borders[j - 1];
      }
    }
    runs.add(run);
    return runs.toArray();
  }
}
