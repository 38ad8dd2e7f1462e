package downstream.pretrain.method.ioca;

import com.fasterxml.jackson.annotation.JsonProperty;
import downstream.pretrain.method.SimSiamSettings;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.SettingsChecks;

/**
 * Settings of IOCA's contrast: how the regions of a pair are pulled together.
 *
 * @param symmetric whether the partner predicts the region too, which is unmasked then; else only
 *     the masked region predicts its partner
 * @param predictor architecture of the predictor: SimSiam's or BYOL's
 * @param projectorWidthPerEmbeddingWidth width of projections and of the projector's hidden layers
 *     as a multiple of the encoder's; 2048 at most
 * @param predictorHiddenWidthPerEmbeddingWidth hidden width of SimSiam's predictor as a multiple of
 *     the encoder's
 * @param fixedPredictorLearningRate whether the predictor's learning rate stays at its peak
 * @param weight of the contrast within the object loss; 0 switches it off
 */
record ContrastSettings(
    boolean symmetric,
    Predictor predictor,
    int projectorWidthPerEmbeddingWidth,
    double predictorHiddenWidthPerEmbeddingWidth,
    boolean fixedPredictorLearningRate,
    double weight) {
  /** Architectures of the predictor. */
  enum Predictor {
    @JsonProperty("simsiam")
    SIMSIAM,
    @JsonProperty("byol")
    BYOL
  }

  static final ContrastSettings DEFAULTS =
      new ContrastSettings(false, Predictor.SIMSIAM, 4, 1, true, 1);

  ContrastSettings {
    SettingsChecks.positive(
        "contrast.projectorWidthPerEmbeddingWidth", projectorWidthPerEmbeddingWidth);
    SettingsChecks.positive(
        "contrast.predictorHiddenWidthPerEmbeddingWidth", predictorHiddenWidthPerEmbeddingWidth);
    SettingsChecks.that(weight >= 0, "contrast.weight must not be negative: " + weight);
  }

  /** Width of a projection. */
  int projectionWidth(EncoderSettings encoder) {
    return SimSiamSettings.width(encoder, projectorWidthPerEmbeddingWidth);
  }

  /** Width of the predictor's hidden layer: BYOL's is as wide as a projection. */
  int predictorHiddenWidth(EncoderSettings encoder) {
    return switch (predictor) {
      case SIMSIAM ->
          Math.max(
              1,
              (int) Math.round(predictorHiddenWidthPerEmbeddingWidth * encoder.embeddingWidth()));
      case BYOL -> projectionWidth(encoder);
    };
  }
}
