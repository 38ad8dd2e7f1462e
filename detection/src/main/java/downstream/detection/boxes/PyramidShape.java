package downstream.detection.boxes;

import java.util.ArrayList;
import java.util.List;

/**
 * The geometry of a feature pyramid over a square image: its levels, finest first, and where their
 * cells lie when all levels are written one after the other, row by row.
 *
 * @param levels finest first
 */
public record PyramidShape(List<Level> levels) {
  /**
   * One map.
   *
   * @param stride input pixels per cell
   * @param side cells across and down
   * @param first place of its first cell among the cells of all levels
   */
  public record Level(int stride, int side, int first) {
    /** Horizontal middle of a column, or vertical of a row, in input pixels. */
    public double middle(int index) {
      return (index + 0.5) * stride;
    }

    public int cells() {
      return side * side;
    }
  }

  public PyramidShape {
    levels = List.copyOf(levels);
  }

  /**
   * Levels of these strides.
   *
   * @param sides cells across of each
   */
  public static PyramidShape of(List<Integer> strides, List<Integer> sides) {
    List<Level> levels = new ArrayList<>();
    int first = 0;
    for (int i = 0; i < strides.size(); i++) {
      Level level = new Level(strides.get(i), sides.get(i), first);
      levels.add(level);
      first += level.cells();
    }
    return new PyramidShape(levels);
  }

  /** Cells of all levels together. */
  public int cells() {
    return levels.stream().mapToInt(Level::cells).sum();
  }
}
