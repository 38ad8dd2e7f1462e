package downstream.pretrain.masks;

import downstream.pretrain.views.ViewBox;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * PIMask of one view (RingMo, Sun et al. 2022, {@code mask_policy.py}): in {@code ceil(alpha · T)}
 * of the T square units most pixels are masked, but not all, so that something of every small
 * object stays. Which ones stay is {@link KeptPixels}.
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
  public static PixelMask draw(
      int size, int unit, MaskRatios ratios, KeptPixels kept, RandomGenerator random) {
    int grid = MaskUnitGrid.grid(size, unit);
    int[] all = IntStream.range(0, grid * grid).toArray();
    return new Drawing(size, unit, ratios, kept).draw(all, random);
  }

  /**
   * Draws a mask whose units lie within boxes of the view: alpha is the share of those units. None
   * is masked if there is no box.
   *
   * @param boxes in pixels of the view; a unit lies within one if its centre does, and every box
   *     has at least one unit
   */
  public static PixelMask within(
      int size,
      int unit,
      MaskRatios ratios,
      KeptPixels kept,
      List<ViewBox> boxes,
      RandomGenerator random) {
    boolean[] within = MaskUnitGrid.within(size, unit, boxes);
    int[] candidates = IntStream.range(0, within.length).filter(i -> within[i]).toArray();
    return new Drawing(size, unit, ratios, kept).draw(candidates, random);
  }

  /** Settings that a mask is drawn by. */
  private record Drawing(int size, int unit, MaskRatios ratios, KeptPixels kept) {
    PixelMask draw(int[] candidates, RandomGenerator random) {
      int units = (int) Math.ceil(kept.maskedUnits(ratios) * candidates.length);
      MaskUnitGrid.draw(candidates, units, random);
      float[] masked = new float[size * size];
      int count = 0;
      for (int i = 0; i < units; i++) {
        int[] hidden = kept.drawHidden(unit, ratios, random);
        mark(masked, candidates[i], hidden);
        count += hidden.length;
      }
      return new PixelMask(masked, count);
    }

    private void mark(float[] masked, int cell, int[] pixels) {
      int grid = size / unit;
      int corner = cell / grid * unit * size + cell % grid * unit;
      for (int pixel : pixels) {
        masked[corner + pixel / unit * size + pixel % unit] = 1;
      }
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
