package downstream.pretrain.method.ioca;

import downstream.pretrain.settings.SettingsChecks;
import downstream.pretrain.settings.TrainingSettings;
import java.util.Optional;

/**
 * Settings of the learning rates of IOCA's second stage, which protect what the encoder has learned
 * from heads that start from random weights.
 *
 * @param baseLearningRate peak rate for a batch of 256; empty for that of {@code training}
 * @param encoderRateFraction learning rate of the encoder's last layer as a fraction of the rate of
 *     decoder and heads, in (0, 1]
 * @param layerDecay learning rate of a layer of the encoder as a multiple of the next one's, in (0,
 *     1]
 */
record Stage2Settings(
    Optional<Double> baseLearningRate, double encoderRateFraction, double layerDecay) {
  static final Stage2Settings DEFAULTS = new Stage2Settings(Optional.empty(), .1, 1);

  Stage2Settings {
    baseLearningRate.ifPresent(rate -> SettingsChecks.positive("stage2.baseLearningRate", rate));
    SettingsChecks.fraction("stage2.encoderRateFraction", encoderRateFraction);
    SettingsChecks.fraction("stage2.layerDecay", layerDecay);
  }

  /** The training of stage 2, of which stage 1 has the given one. */
  TrainingSettings training(TrainingSettings stage1) {
    return baseLearningRate.map(stage1::withBaseLearningRate).orElse(stage1);
  }
}
