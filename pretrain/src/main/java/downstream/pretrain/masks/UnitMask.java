package downstream.pretrain.masks;

import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * SimMIM's mask of one view (Xie et al. 2022, {@code data_simmim.py}): square units, of which
 * {@code ceil(ratio · units)} are masked, each such choice equally likely.
 */
public final class UnitMask {
  private final int size;
  private final int unit;
  private final boolean[] masked;
  private final int units;

  private UnitMask(int size, int unit, boolean[] masked, int units) {
    this.size = size;
    this.unit = unit;
    this.masked = masked;
    this.units = units;
  }

  /**
   * Draws a mask.
   *
   * @param size side of the view, pixels, a multiple of {@code unit}
   * @param unit side of a unit, pixels; the paper's is 32
   * @param ratio share of the units that is masked, in [0, 1]; the paper's is 0.6
   */
  public static UnitMask draw(int size, int unit, double ratio, RandomGenerator random) {
    int grid = MaskUnitGrid.grid(size, unit);
    int[] order = IntStream.range(0, grid * grid).toArray();
    int count = (int) Math.ceil(ratio * order.length);
    MaskUnitGrid.draw(order, count, random);
    boolean[] masked = new boolean[order.length];
    for (int i = 0; i < count; i++) {
      masked[order[i]] = true;
    }
    return new UnitMask(size, unit, masked, count);
  }

  /** Number of masked units. */
  public int units() {
    return units;
  }

  /** Number of masked pixels. */
  public int count() {
    return units * unit * unit;
  }

  /** [(size / patch)²] in raster order, 1 where the patch is masked. */
  public float[] patches(int patch) {
    MaskUnitGrid.grid(unit, patch);
    return cells(patch);
  }

  /** [size · size] in raster order, 1 where the pixel is masked. */
  public float[] pixels() {
    return cells(1);
  }

  private float[] cells(int cell) {
    int grid = size / cell;
    int perUnit = unit / cell;
    float[] cells = new float[grid * grid];
    for (int i = 0; i < cells.length; i++) {
      int inUnits = i / grid / perUnit * (size / unit) + i % grid / perUnit;
      cells[i] = masked[inUnits] ? 1 : 0;
    }
    return cells;
  }
}
