package downstream.pretrain.method;

import com.fasterxml.jackson.annotation.JsonProperty;
import downstream.eval.encoder.build.InitialWeights;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.Presets;
import downstream.pretrain.settings.SettingsChecks;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.settings.TrainingSettings.RateSchedule;
import downstream.pretrain.settings.TrainingSettings.UpdateRule;
import java.util.Map;

/**
 * Settings of {@link Byol}.
 *
 * @param hiddenWidthPerEmbeddingWidth hidden width of projector and predictor as a multiple of the
 *     embedding's; 4096, the paper's, at most
 * @param projectorOutputWidth width of projector's and predictor's output (paper: 256)
 * @param targetMomentum τ at the start; it rises to 1 along a cosine (paper: 0.996 for 1000 epochs,
 *     0.99 for 300, 0.97 for 40)
 * @param augmentation whose augmentations: BYOL's or ORL's
 * @param minCropArea smallest crop as a share of the image (paper: 0.08)
 */
record ByolSettings(
    EncoderSettings encoder,
    int hiddenWidthPerEmbeddingWidth,
    int projectorOutputWidth,
    double targetMomentum,
    Augmentation augmentation,
    double minCropArea,
    TrainingSettings training,
    Budget budget) {
  /** Augmentations of published codes. */
  enum Augmentation {
    /** BYOL's own: brightness adds, contrast about the channel's mean, bicubic crops. */
    @JsonProperty("byol")
    BYOL,
    /** ORL's: torchvision's operations. */
    @JsonProperty("orl")
    ORL
  }

  private static final int WIDEST_HIDDEN = 4096;

  /** A small transformer, trained by AdamW. */
  static final ByolSettings SMALL =
      new ByolSettings(
          EncoderSettings.SMALL,
          4,
          128,
          .99,
          Augmentation.BYOL,
          .08,
          TrainingSettings.adamW(64, 4e-3).clipped(1),
          Presets.SMALL_BUDGET);

  /** Grill et al. 2020: ResNet-50, LARS, batch 4096, 1000 epochs. */
  static final ByolSettings PAPER =
      new ByolSettings(
          EncoderSettings.RESNET_50,
          4,
          256,
          .996,
          Augmentation.BYOL,
          .08,
          new TrainingSettings(
              4096, UpdateRule.LARS, .2, 1.5e-6, .9, .95, .9, RateSchedule.COSINE, .01, 0, 0),
          Budget.epochs(1000));

  static final Map<String, Record> PRESETS =
      Presets.of(
          new ByolSettings(
              EncoderSettings.SMOKE,
              4,
              16,
              .99,
              Augmentation.BYOL,
              .08,
              TrainingSettings.adamW(8, 4e-3).clipped(1),
              Presets.SMOKE_BUDGET),
          SMALL,
          PAPER);

  ByolSettings {
    encoder = encoder.orInitialWeights(InitialWeights.HAIKU);
    SettingsChecks.positive("hiddenWidthPerEmbeddingWidth", hiddenWidthPerEmbeddingWidth);
    SettingsChecks.positive("projectorOutputWidth", projectorOutputWidth);
    SettingsChecks.fraction("minCropArea", minCropArea);
    SettingsChecks.momentum("targetMomentum", targetMomentum);
    SettingsChecks.batchNorm(training);
  }

  /** Hidden width of projector and predictor. */
  int hiddenWidth() {
    return Math.min(WIDEST_HIDDEN, hiddenWidthPerEmbeddingWidth * encoder.embeddingWidth());
  }
}
