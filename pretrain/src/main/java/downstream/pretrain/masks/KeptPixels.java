package downstream.pretrain.masks;

import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Pixels that a {@link PixelMask} keeps in a masked unit. */
public sealed interface KeptPixels {
  /**
   * The share of the units that are masked, so that the ratios' product is the masked share of a
   * view.
   *
   * @throws IllegalArgumentException if it is more than all units
   */
  double maskedUnits(MaskRatios ratios);

  /**
   * Draws the pixels of a unit that are hidden, as places in raster order.
   *
   * @param unit side of the unit, pixels
   */
  int[] drawHidden(int unit, MaskRatios ratios, RandomGenerator random);

  /** Random pixels: {@code ceil(beta · unit²)} are hidden, each such choice equally likely. */
  record Scattered() implements KeptPixels {
    @Override
    public double maskedUnits(MaskRatios ratios) {
      return ratios.unit();
    }

    @Override
    public int[] drawHidden(int unit, MaskRatios ratios, RandomGenerator random) {
      int count = (int) Math.ceil(ratios.pixel() * unit * unit);
      int[] pixels = IntStream.range(0, unit * unit).toArray();
      MaskUnitGrid.draw(pixels, count, random);
      return IntStream.of(pixels).limit(count).toArray();
    }
  }

  /**
   * One square block in each patch, a quarter of the patch's side rounded down and at least a
   * pixel, each place equally likely. That is 1/16 of a patch of 8 or 16: fewer units are masked,
   * and of each more is hidden.
   *
   * @param patch side of a patch, pixels; divides the unit
   */
  record Block(int patch) implements KeptPixels {
    private static final double ROUNDING = 1e-9;

    /** Side of a block, pixels. */
    int side() {
      return Math.max(1, patch / 4);
    }

    @Override
    public double maskedUnits(MaskRatios ratios) {
      double hidden = 1 - (double) (side() * side()) / (patch * patch);
      double units = ratios.unit() * ratios.pixel() / hidden - ROUNDING;
      if (!(units > 0 && units <= 1)) {
        throw new IllegalArgumentException(
            "unitMaskRatio × pixelMaskRatio is at most "
                + hidden
                + " with a block kept in each patch of "
                + patch
                + ", not "
                + ratios.unit() * ratios.pixel());
      }
      return units;
    }

    @Override
    public int[] drawHidden(int unit, MaskRatios ratios, RandomGenerator random) {
      int grid = MaskUnitGrid.grid(unit, patch);
      boolean[] kept = new boolean[unit * unit];
      for (int cell = 0; cell < grid * grid; cell++) {
        int top = cell / grid * patch + random.nextInt(patch - side() + 1);
        int left = cell % grid * patch + random.nextInt(patch - side() + 1);
        for (int i = 0; i < side() * side(); i++) {
          kept[(top + i / side()) * unit + left + i % side()] = true;
        }
      }
      return IntStream.range(0, unit * unit).filter(pixel -> !kept[pixel]).toArray();
    }
  }
}
