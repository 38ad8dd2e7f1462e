package downstream.pretrain.method;

import downstream.eval.encoder.build.InitialWeights;
import downstream.pretrain.settings.BlockSettings;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.Presets;
import downstream.pretrain.settings.SettingsChecks;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.settings.TrainingSettings.RateSchedule;
import downstream.pretrain.settings.TrainingSettings.UpdateRule;
import java.util.Map;

/**
 * Settings of {@link SimMim}.
 *
 * @param maskUnitPixels side of a mask unit in pixels, a multiple of the patch (paper: 32 of 224)
 * @param maskRatio share of the units that are masked (paper: 0.6)
 * @param minCropArea smallest crop as a share of the image (paper: 0.67)
 * @param dropPath share of the images for which a branch of a ViT's last block is left out (paper:
 *     0.1)
 */
record SimMimSettings(
    EncoderSettings encoder,
    int maskUnitPixels,
    double maskRatio,
    double minCropArea,
    double dropPath,
    TrainingSettings training,
    Budget budget) {
  static final SimMimSettings SMALL =
      new SimMimSettings(
          EncoderSettings.SMALL,
          16,
          .6,
          .67,
          0,
          TrainingSettings.adamW(64, 4e-3).withBeta2(.999).clipped(5),
          Presets.SMALL_BUDGET);

  /**
   * Xie et al. 2022: ViT-B/16, 800 epochs, 1e-4 for a batch of 512, warm-up of 10 epochs from 5e-7,
   * a tenth of it for the last 100.
   */
  static final SimMimSettings PAPER =
      new SimMimSettings(
          EncoderSettings.VIT_BASE
              .withBlocks(BlockSettings.SIMMIM)
              .orInitialWeights(InitialWeights.SIMMIM),
          32,
          .6,
          .67,
          .1,
          new TrainingSettings(
              2048, UpdateRule.ADAMW, 5e-5, .05, .9, .999, .9, RateSchedule.STEP, .0125, .005, 5),
          Budget.epochs(800));

  static final Map<String, Record> PRESETS =
      Presets.of(
          new SimMimSettings(
              EncoderSettings.SMOKE,
              8,
              .6,
              .67,
              0,
              TrainingSettings.adamW(8, 4e-3).withBeta2(.999).clipped(5),
              Presets.SMOKE_BUDGET),
          SMALL,
          PAPER);

  SimMimSettings {
    SettingsChecks.transformer(encoder);
    SettingsChecks.fraction("maskRatio", maskRatio);
    SettingsChecks.fraction("minCropArea", minCropArea);
    SettingsChecks.dropPath(dropPath, encoder);
    SettingsChecks.maskUnit(maskUnitPixels, encoder);
    SettingsChecks.that(
        maskUnitPixels % encoder.patch() == 0,
        "maskUnitPixels must be a multiple of encoder's patch "
            + encoder.patch()
            + ", not "
            + maskUnitPixels);
  }
}
