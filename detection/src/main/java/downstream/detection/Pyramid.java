package downstream.detection;

import java.util.ArrayList;
import java.util.List;

/**
 * The geometry of a feature pyramid over a square image: its levels, finest first, and where their
 * cells lie when all levels are written one after the other, row by row.
 *
 * @param levels finest first
 */
record Pyramid(List<Level> levels) {
  /**
   * One map.
   *
   * @param stride input pixels per cell
   * @param side cells across and down
   * @param first place of its first cell among the cells of all levels
   */
  record Level(int stride, int side, int first) {
    /** Horizontal middle of a column, or vertical of a row, in input pixels. */
    double middle(int index) {
      return (index + 0.5) * stride;
    }

    int cells() {
      return side * side;
    }
  }

  Pyramid {
    levels = List.copyOf(levels);
  }

  /**
   * The simple pyramid of a map with this stride: from half the stride on, each level twice the one
   * before.
   */
  static Pyramid over(int imageSize, int stride, int count) {
    if (stride % 2 != 0) {
      throw new IllegalArgumentException("the stride must be even, found " + stride);
    }
    List<Level> levels = new ArrayList<>();
    int first = 0;
    int side = 2 * (imageSize / stride);
    for (int i = 0; i < count; i++) {
      Level level = new Level((stride / 2) << i, side, first);
      levels.add(level);
      first += level.cells();
      side /= 2;
    }
    return new Pyramid(levels);
  }

  /** Cells of all levels together. */
  int cells() {
    return levels.stream().mapToInt(Level::cells).sum();
  }
}
