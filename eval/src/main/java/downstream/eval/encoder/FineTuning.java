package downstream.eval.encoder;

/**
 * How an encoder is fine-tuned.
 *
 * @param batchStatistics whether BatchNormalization uses and updates the batch's statistics; else
 *     it keeps to its running ones
 * @param frozenStages how many stages from the images on are not trained; see {@link Layers}
 * @param layerDecay the learning rate of a layer as a multiple of the next one's, in (0, 1]; 1
 *     trains all alike (Clark et al., 2020; Bao et al., 2022)
 */
public record FineTuning(boolean batchStatistics, int frozenStages, double layerDecay) {
  /** Everything is trained at one rate, on running statistics. */
  public static final FineTuning WHOLE = new FineTuning(false, 0, 1);

  public FineTuning {
    if (frozenStages < 0) {
      throw new IllegalArgumentException("frozenStages must not be negative: " + frozenStages);
    }
    if (!(layerDecay > 0 && layerDecay <= 1)) {
      throw new IllegalArgumentException("layerDecay must be in (0, 1], not " + layerDecay);
    }
  }
}
