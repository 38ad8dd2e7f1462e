package downstream.pretrain.masks;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Settings of what is left of a masked unit: which of its pixels are kept, and what the encoder
 * sees in place of the others.
 *
 * @param kept pixels that are kept
 * @param fill values in place of the hidden pixels
 */
public record HiddenPixels(Kept kept, Fill fill) {
  /** Pixels of a masked unit that are kept. */
  public enum Kept {
    /** Random pixels (RingMo). A network can interpolate between them, and needs no context. */
    @JsonProperty("scattered")
    SCATTERED,
    /** One square block in each patch, a quarter of the patch's side; the rest is far from it. */
    @JsonProperty("block")
    BLOCK
  }

  /** Values in place of hidden pixels. */
  public enum Fill {
    /** 0, the mean colour of all images once they are normalised (RingMo). */
    @JsonProperty("zero")
    ZERO,
    /** The mean of the kept pixels of the same patch, or 0 if none is kept. */
    @JsonProperty("kept-mean")
    KEPT_MEAN
  }

  /** RingMo's. */
  public static final HiddenPixels RINGMO = new HiddenPixels(Kept.SCATTERED, Fill.ZERO);

  /** IOCA's: what is kept of a patch is a block, and the rest has its mean. */
  public static final HiddenPixels BLOCKS = new HiddenPixels(Kept.BLOCK, Fill.KEPT_MEAN);

  /** Pixels kept in a masked unit, for patches of this side. */
  public KeptPixels keptPixels(int patch) {
    return switch (kept) {
      case SCATTERED -> new KeptPixels.Scattered();
      case BLOCK -> new KeptPixels.Block(patch);
    };
  }
}
