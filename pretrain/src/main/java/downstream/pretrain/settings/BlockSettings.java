package downstream.pretrain.settings;

/**
 * Parts of a transformer's blocks besides attention and MLP.
 *
 * @param layerScale first value of a trained scale of each channel at the end of each branch
 *     (Touvron et al., 2021); 0 for none
 * @param relativePositions whether attention has a trained bias for the distance of two patches,
 *     one table for all blocks (BEiT), in place of the sin-cos positions
 */
public record BlockSettings(double layerScale, boolean relativePositions) {
  /** Neither of them. */
  public static final BlockSettings PLAIN = new BlockSettings(0, false);

  /** The blocks of SimMIM's and RingMo's ViT. */
  public static final BlockSettings SIMMIM = new BlockSettings(.1, true);

  public BlockSettings {
    SettingsChecks.that(
        layerScale >= 0, "encoder.blocks.layerScale must not be negative, not " + layerScale);
  }
}
