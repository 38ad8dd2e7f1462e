package downstream.pretrain.masks;

/**
 * How much a {@link PixelMask} hides: alpha · beta of the view.
 *
 * @param alpha share of the units in which pixels are masked, in (0, 1]
 * @param beta share of the pixels that are masked in such a unit, in (0, 1]
 */
public record MaskRatios(double alpha, double beta) {
  /** IOCA's: 0.6 of the view, and a quarter of the pixels of each masked unit stays. */
  public static final MaskRatios IOCA = new MaskRatios(.8, .75);

  /** RingMo's code: 0.36 of the view. */
  public static final MaskRatios RINGMO = new MaskRatios(.6, .6);

  /** The control: whole units, at IOCA's overall share. */
  public static final MaskRatios PLAIN = new MaskRatios(.6, 1);

  public MaskRatios {
    if (!(alpha > 0 && alpha <= 1 && beta > 0 && beta <= 1)) {
      throw new IllegalArgumentException(
          "alpha and beta must be in (0, 1], not " + alpha + " and " + beta);
    }
  }
}
