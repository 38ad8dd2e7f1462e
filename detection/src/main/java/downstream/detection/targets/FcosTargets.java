package downstream.detection.targets;

import downstream.detection.boxes.PyramidShape;
import java.util.Arrays;
import java.util.List;

/**
 * The target of each cell of the pyramid for one image (FCOS, section 3.1 and 3.2): which class it
 * belongs to, how far the four sides of its object are, how central it lies. Plain host data, made
 * on loader threads.
 */
public final class FcosTargets {
  public static final int BACKGROUND = -1;

  /** Class by cell, or {@link #BACKGROUND}. */
  public final int[] category;

  /** [4, cells]: distances to left, upper, right and lower side in strides; 0 for background. */
  public final float[] distances;

  /** Centerness by cell: √(min(l,r)/max(l,r) · min(t,b)/max(t,b)), in (0, 1]; 0 for background. */
  public final float[] centerness;

  public final int positives;

  private FcosTargets(int[] category, float[] distances, float[] centerness, int positives) {
    this.category = category;
    this.distances = distances;
    this.centerness = centerness;
    this.positives = positives;
  }

  /**
   * Assigns cells to objects. A cell belongs to an object if its middle lies inside the object and
   * within {@code radius} strides of the object's centre, and if the farthest of the four distances
   * is in the level's range: (reach · half the stride, reach · stride], from 0 at the finest level,
   * without end at the coarsest. Of several objects the smallest wins.
   */
  public static FcosTargets of(
      PyramidShape pyramid, List<Target> objects, double radius, double reach) {
    int cells = pyramid.cells();
    int[] category = new int[cells];
    Arrays.fill(category, BACKGROUND);
    float[] distances = new float[4 * cells];
    double[] area = new double[cells];
    Arrays.fill(area, Double.POSITIVE_INFINITY);
    float[] centerness = new float[cells];
    for (int i = 0; i < pyramid.levels().size(); i++) {
      PyramidShape.Level level = pyramid.levels().get(i);
      double limit =
          i + 1 == pyramid.levels().size() ? Double.POSITIVE_INFINITY : reach * level.stride();
      double least = i == 0 ? 0 : reach * level.stride() / 2;
      for (Target object : objects) {
        for (int cell : near(level, object, radius)) {
          int row = (cell - level.first()) / level.side();
          int column = (cell - level.first()) % level.side();
          double left = level.middle(column) - object.x();
          double top = level.middle(row) - object.y();
          double right = object.width() - left;
          double bottom = object.height() - top;
          double farthest = Math.max(Math.max(left, right), Math.max(top, bottom));
          boolean inside = Math.min(Math.min(left, right), Math.min(top, bottom)) > 0;
          if (inside && farthest > least && farthest <= limit && object.area() < area[cell]) {
            area[cell] = object.area();
            category[cell] = object.category();
            distances[cell] = (float) (left / level.stride());
            distances[cells + cell] = (float) (top / level.stride());
            distances[2 * cells + cell] = (float) (right / level.stride());
            distances[3 * cells + cell] = (float) (bottom / level.stride());
            centerness[cell] = (float) centerness(left, top, right, bottom);
          }
        }
      }
    }
    int positives = (int) Arrays.stream(category).filter(c -> c != BACKGROUND).count();
    return new FcosTargets(category, distances, centerness, positives);
  }

  /** Cells of a level whose middle is less than the radius from the object's centre. */
  private static int[] near(PyramidShape.Level level, Target object, double radius) {
    int[] columns = span(level, object.x() + object.width() / 2, radius);
    int[] rows = span(level, object.y() + object.height() / 2, radius);
    int[] cells = new int[Math.max(0, columns[1] - columns[0]) * Math.max(0, rows[1] - rows[0])];
    int at = 0;
    for (int row = rows[0]; row < rows[1]; row++) {
      for (int column = columns[0]; column < columns[1]; column++) {
        cells[at++] = level.first() + row * level.side() + column;
      }
    }
    return cells;
  }

  private static int[] span(PyramidShape.Level level, double centre, double radius) {
    int from = 0;
    while (from < level.side() && level.middle(from) <= centre - radius * level.stride()) {
      from++;
    }
    int to = from;
    while (to < level.side() && level.middle(to) < centre + radius * level.stride()) {
      to++;
    }
    return new int[] {from, to};
  }

  static double centerness(double left, double top, double right, double bottom) {
    double across = Math.min(left, right) / Math.max(left, right);
    double down = Math.min(top, bottom) / Math.max(top, bottom);
    return Math.sqrt(across * down);
  }
}
