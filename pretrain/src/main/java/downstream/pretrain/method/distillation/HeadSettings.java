package downstream.pretrain.method.distillation;

import downstream.pretrain.settings.SettingsChecks;

/**
 * Settings of the head that gives an embedding its scores.
 *
 * @param hiddenWidth of its two hidden layers (paper: 2048)
 * @param bottleneckWidth of the unit rows before the last layer (paper: 256)
 * @param outputWidth K, the number of scores (papers: 65,536; 8,192 for iBOT)
 * @param trainsGain whether the rows of the last layer have a length that is trained, instead of 1
 *     ({@code norm_last_layer=false})
 * @param heldEpochs epochs at the start in which the last layer is not trained (paper: 1)
 */
record HeadSettings(
    int hiddenWidth, int bottleneckWidth, int outputWidth, boolean trainsGain, double heldEpochs) {
  HeadSettings {
    SettingsChecks.positive("head.hiddenWidth", hiddenWidth);
    SettingsChecks.positive("head.bottleneckWidth", bottleneckWidth);
    SettingsChecks.that(outputWidth > 1, "head.outputWidth must be at least 2, not " + outputWidth);
    SettingsChecks.that(heldEpochs >= 0, "head.heldEpochs must not be negative, not " + heldEpochs);
  }

  /** Updates in which the last layer is not trained. */
  int heldSteps(int stepsOfEpoch) {
    return (int) Math.round(heldEpochs * stepsOfEpoch);
  }
}
