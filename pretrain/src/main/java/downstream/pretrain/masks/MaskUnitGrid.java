package downstream.pretrain.masks;

import downstream.pretrain.views.ViewBox;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Grid of the square units that a mask removes or keeps whole, on a square view, in raster order.
 */
final class MaskUnitGrid {
  private MaskUnitGrid() {}

  /** Units a side. */
  static int grid(int size, int unit) {
    if (unit < 1 || size < 1 || size % unit != 0) {
      throw new IllegalArgumentException(
          "a mask unit must divide the view, not " + unit + " a view of " + size + " pixels");
    }
    return size / unit;
  }

  /**
   * The units whose centre lies in one of the boxes; a box too small to hold any centre has the
   * unit that holds its own.
   */
  static boolean[] within(int size, int unit, List<ViewBox> boxes) {
    int grid = grid(size, unit);
    boolean[] within = new boolean[grid * grid];
    for (ViewBox box : boxes) {
      boolean none = true;
      for (int i = 0; i < within.length; i++) {
        int column = i % grid;
        int row = i / grid;
        boolean inside = box.contains((column + .5) * unit, (row + .5) * unit);
        within[i] |= inside;
        none &= !inside;
      }
      if (none) {
        within[holding(box, grid, unit)] = true;
      }
    }
    return within;
  }

  private static int holding(ViewBox box, int grid, int unit) {
    int column = (int) ((box.left() + box.right()) / 2 / unit);
    int row = (int) ((box.top() + box.bottom()) / 2 / unit);
    return Math.min(grid - 1, row) * grid + Math.min(grid - 1, column);
  }

  /** Moves {@code count} of the values to the front, drawn without replacement, in random order. */
  static void draw(int[] values, int count, RandomGenerator random) {
    for (int i = 0; i < count; i++) {
      int j = i + random.nextInt(values.length - i);
      int drawn = values[j];
      values[j] = values[i];
      values[i] = drawn;
    }
  }
}
