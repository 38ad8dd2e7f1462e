package downstream.eval.encoder;

import downstream.eval.Checks;

/**
 * Settings for the fine-tuning of an encoder.
 *
 * @param batchStatistics whether BatchNormalization uses and updates the batch's statistics; else
 *     it keeps to its running ones
 * @param frozenStages how many stages from the images on are not trained; see {@code LayerGroups}
 * @param layerDecay the learning rate of a layer as a multiple of the next one's, in (0, 1]; 1
 *     trains all alike (Clark et al., 2020; Bao et al., 2022)
 */
public record FineTuningSettings(boolean batchStatistics, int frozenStages, double layerDecay) {
  /** Fine-tuning of all weights at one rate, on running statistics. */
  public static final FineTuningSettings WHOLE = new FineTuningSettings(false, 0, 1);

  /** Training of all weights at one rate, on the batch's statistics. */
  public static final FineTuningSettings BATCH_STATISTICS = new FineTuningSettings(true, 0, 1);

  public FineTuningSettings {
    Checks.atLeast(frozenStages, 0, "frozenStages");
    Checks.positiveFraction(layerDecay, "layerDecay");
  }
}
