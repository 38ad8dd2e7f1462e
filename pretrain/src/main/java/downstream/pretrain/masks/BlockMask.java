package downstream.pretrain.masks;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * BEiT's mask of blocks of patches (Bao et al. 2022, algorithm 1), as iBOT's {@code loader.py}
 * draws it: rectangles are added until so many patches are masked, or until ten draws in a row add
 * nothing. The number of masked patches is never above the ratio.
 */
public final class BlockMask {
  private static final int TRIES = 10;
  private static final double WIDEST = 1 / .3; // width to height

  private final int grid;
  private final boolean[] masked;
  private int count;

  private BlockMask(int grid) {
    this.grid = grid;
    masked = new boolean[grid * grid];
  }

  /**
   * Draws a mask.
   *
   * @param grid patches along each side
   * @param ratio largest share of masked patches, in [0, 1]
   * @return [grid · grid] in raster order, 1 where a patch is masked
   */
  public static float[] draw(int grid, double ratio, RandomGenerator random) {
    BlockMask mask = new BlockMask(grid);
    double most = ratio * grid * grid;
    boolean grows = true;
    while (grows && mask.count < most) {
      grows = mask.grow(most - mask.count, random);
    }
    float[] values = new float[grid * grid];
    for (int i = 0; i < values.length; i++) {
      values[i] = mask.masked[i] ? 1 : 0;
    }
    return values;
  }

  /** Adds a rectangle that masks at most so many more patches; tells whether one did. */
  private boolean grow(double most, RandomGenerator random) {
    int side = grid / 3; // rounded down, as there
    int least = side * side;
    for (int tried = 0; tried < TRIES; tried++) {
      double area = least + random.nextDouble() * (most - least);
      double aspect = Math.exp((2 * random.nextDouble() - 1) * Math.log(WIDEST));
      int height = (int) Math.rint(Math.sqrt(area * aspect));
      int width = (int) Math.rint(Math.sqrt(area / aspect));
      if (width < grid && height < grid) {
        int top = random.nextInt(grid - height + 1);
        int left = random.nextInt(grid - width + 1);
        if (add(top, left, height, width, most)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean add(int top, int left, int height, int width, double most) {
    int added = 0;
    for (int row = top; row < top + height; row++) {
      for (int column = left; column < left + width; column++) {
        added += masked[row * grid + column] ? 0 : 1;
      }
    }
    if (added == 0 || added > most) {
      return false;
    }
    for (int row = top; row < top + height; row++) {
      Arrays.fill(masked, row * grid + left, row * grid + left + width, true);
    }
    count += added;
    return true;
  }
}
