package downstream.pretrain.method.contrast;

import com.fasterxml.jackson.annotation.JsonProperty;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.Presets;
import downstream.pretrain.settings.SettingsChecks;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.settings.TrainingSettings.RateSchedule;
import downstream.pretrain.settings.TrainingSettings.UpdateRule;
import java.util.Map;

/**
 * Settings of {@link SimClr}.
 *
 * @param temperature T, what similarities are divided by (paper: 0.1 for ImageNet)
 * @param projectorLayers linear layers of the projector: 2 (paper, version 1) or 3 (version 2)
 * @param projectorOutputWidth d, the width of projections (paper: 128)
 * @param colourStrength strength of the colour jitter (paper: 1)
 * @param brightness whether brightness adds (version 1) or multiplies (version 2)
 * @param minCropArea smallest crop as a share of the image (paper: 0.08)
 */
record SimClrSettings(
    EncoderSettings encoder,
    double temperature,
    int projectorLayers,
    int projectorOutputWidth,
    double colourStrength,
    Brightness brightness,
    double minCropArea,
    TrainingSettings training,
    Budget budget) {
  /** Ways in which the jitter changes brightness. */
  enum Brightness {
    @JsonProperty("adds")
    ADDS,
    @JsonProperty("multiplies")
    MULTIPLIES
  }

  /** A small transformer, trained by AdamW: 126 negatives of an image at a batch of 64. */
  static final SimClrSettings SMALL =
      of(
          EncoderSettings.SMALL,
          .2,
          2,
          128,
          TrainingSettings.adamW(64, 1e-3).clipped(1),
          Presets.SMALL_BUDGET);

  /** Chen et al. 2020 as their code has it by default: ResNet-50, batch 4096, 100 epochs. */
  static final SimClrSettings PAPER =
      of(
          EncoderSettings.RESNET_50,
          .1,
          3,
          128,
          new TrainingSettings(
              4096, UpdateRule.LARS_SIMCLR, .3, 1e-4, .9, .95, .9, RateSchedule.COSINE, .1, 0, 0),
          Budget.epochs(100));

  static final Map<String, Record> PRESETS =
      Presets.of(
          of(
              EncoderSettings.SMOKE,
              .2,
              2,
              16,
              TrainingSettings.adamW(8, 1e-3).clipped(1),
              Presets.SMOKE_BUDGET),
          SMALL,
          PAPER);

  static SimClrSettings of(
      EncoderSettings encoder,
      double temperature,
      int projectorLayers,
      int projectorOutputWidth,
      TrainingSettings training,
      Budget budget) {
    return new SimClrSettings(
        encoder,
        temperature,
        projectorLayers,
        projectorOutputWidth,
        1,
        Brightness.MULTIPLIES,
        .08,
        training,
        budget);
  }

  SimClrSettings {
    SettingsChecks.positive("temperature", temperature);
    SettingsChecks.positive("projectorLayers", projectorLayers);
    SettingsChecks.positive("projectorOutputWidth", projectorOutputWidth);
    SettingsChecks.that(
        colourStrength >= 0 && colourStrength <= 1,
        "colourStrength must be in [0, 1], not " + colourStrength);
    SettingsChecks.fraction("minCropArea", minCropArea);
    SettingsChecks.batchNorm(training);
  }
}
