package downstream.segmentation.metrics;

import downstream.eval.data.image.LabelMap;
import java.util.BitSet;

/**
 * Interior pixels of a label map, whose neighbourhood has one class: the pixels that an erosion of
 * their own class's mask by a square leaves. What lies outside of the map is of no class.
 */
final class InteriorPixels {
  private InteriorPixels() {}

  /** Returns the width of a boundary: 2% of the diagonal, at least a pixel. */
  static int reach(int width, int height) {
    return (int) Math.max(1, Math.rint(0.02 * Math.sqrt((double) width * width + height * height)));
  }

  /**
   * The pixels whose square of (2 · {@code reach} + 1)² pixels lies inside the map and holds one
   * value: a 3×3 erosion {@code reach} times over, of every class at once.
   *
   * @return one bit a pixel, in raster order
   */
  static BitSet of(LabelMap map, int reach) {
    int width = map.width();
    byte[] values = map.values();
    BitSet inside = new BitSet(values.length);
    int[] rowsAlike = new int[width];
    for (int y = 0; y < map.height(); y++) {
      alikeFromAbove(values, y * width, width, reach, rowsAlike);
      for (int x = 0; x < width; x++) {
        if (rowsAlike[x] > 2 * reach) {
          inside.set((y - reach) * width + x);
        }
      }
    }
    return inside;
  }

  /**
   * Counts, for every column, over how many rows so far the value has been the same and the pixels
   * {@code reach} to the left and right of it as well.
   */
  private static void alikeFromAbove(
      byte[] values, int row, int width, int reach, int[] rowsAlike) {
    int run = 0;
    for (int x = 0; x < width; x++) {
      run = x > 0 && values[row + x] == values[row + x - 1] ? run + 1 : 1;
      int middle = x - reach;
      if (middle >= 0) {
        boolean alike = run > 2 * reach;
        boolean continued =
            row > 0
                && rowsAlike[middle] > 0
                && values[row + middle] == values[row + middle - width];
        int rowsAbove = continued ? rowsAlike[middle] : 0;
        rowsAlike[middle] = alike ? rowsAbove + 1 : 0;
      }
    }
  }
}
