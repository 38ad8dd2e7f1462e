package downstream.pretrain.masks;

/**
 * The ratios of a {@link PixelMask}, whose product is the masked share of a view.
 *
 * @param unit α, share of the units in which pixels are masked, in (0, 1]
 * @param pixel β, share of the pixels that are masked in such a unit, in (0, 1]
 */
public record MaskRatios(double unit, double pixel) {
  /** IOCA's: 0.6 of the view, and a quarter of the pixels of each masked unit stays. */
  public static final MaskRatios IOCA = new MaskRatios(.8, .75);

  /** RingMo's code: 0.36 of the view. */
  public static final MaskRatios RINGMO = new MaskRatios(.6, .6);

  /** Whole units, at IOCA's overall share: the ablation of pixel masks. */
  public static final MaskRatios PLAIN = new MaskRatios(.6, 1);

  public MaskRatios {
    if (!(unit > 0 && unit <= 1 && pixel > 0 && pixel <= 1)) {
      throw new IllegalArgumentException(
          "unitMaskRatio and pixelMaskRatio must be in (0, 1], not " + unit + " and " + pixel);
    }
  }
}
