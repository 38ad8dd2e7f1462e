package downstream.pretrain.masks;

import downstream.pretrain.views.ViewBox;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * RingMo's PIMask of one view (Sun et al. 2022, {@code mask_policy.py}): in {@code ceil(alpha · T)}
 * of the T square units, {@code ceil(beta · unit²)} pixels each are masked, so that something of
 * every small object stays.
 */
public final class PixelMask {
  private final float[] masked;
  private final int count;

  private PixelMask(float[] masked, int count) {
    this.masked = masked;
    this.count = count;
  }

  /**
   * Draws a mask.
   *
   * @param size side of the view, pixels, a multiple of {@code unit}
   * @param unit side of a unit, pixels; RingMo's is 32
   */
  public static PixelMask draw(int size, int unit, MaskRatios ratios, RandomGenerator random) {
    int grid = MaskUnitGrid.grid(size, unit);
    return draw(size, unit, ratios, IntStream.range(0, grid * grid).toArray(), random);
  }

  /**
   * Draws a mask whose units lie within boxes of the view: alpha is the share of those units. None
   * is masked if there is no box.
   *
   * @param boxes in pixels of the view; a unit lies within one if its centre does, and every box
   *     has at least one unit
   */
  public static PixelMask within(
      int size, int unit, MaskRatios ratios, List<ViewBox> boxes, RandomGenerator random) {
    boolean[] within = MaskUnitGrid.within(size, unit, boxes);
    int[] candidates = IntStream.range(0, within.length).filter(i -> within[i]).toArray();
    return draw(size, unit, ratios, candidates, random);
  }

  private static PixelMask draw(
      int size, int unit, MaskRatios ratios, int[] candidates, RandomGenerator random) {
    int units = (int) Math.ceil(ratios.unit() * candidates.length);
    int each = (int) Math.ceil(ratios.pixel() * unit * unit);
    MaskUnitGrid.draw(candidates, units, random);
    float[] masked = new float[size * size];
    int[] pixels = IntStream.range(0, unit * unit).toArray();
    for (int i = 0; i < units; i++) {
      MaskUnitGrid.draw(pixels, each, random);
      mark(masked, size, unit, candidates[i], pixels, each);
    }
    return new PixelMask(masked, units * each);
  }

  private static void mark(float[] masked, int size, int unit, int cell, int[] pixels, int count) {
    int grid = size / unit;
    int corner = cell / grid * unit * size + cell % grid * unit;
    for (int i = 0; i < count; i++) {
      masked[corner + pixels[i] / unit * size + pixels[i] % unit] = 1;
    }
  }

  /** [size · size] in raster order, 1 where the pixel is masked; not a copy. */
  public float[] pixels() {
    return masked;
  }

  /** Number of masked pixels. */
  public int count() {
    return count;
  }
}
