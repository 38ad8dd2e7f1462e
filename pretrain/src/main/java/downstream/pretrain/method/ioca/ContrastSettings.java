package downstream.pretrain.method.ioca;

import com.fasterxml.jackson.annotation.JsonProperty;
import downstream.pretrain.method.SimSiamSettings;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.SettingsChecks;

/**
 * Settings of IOCA's contrast: how the regions of a pair are pulled together.
 *
 * @param sides which regions of a pair predict the other
 * @param predictor architecture of the predictor: SimSiam's or BYOL's
 * @param projectorWidthPerEmbeddingWidth width of projections and of the projector's hidden layers
 *     as a multiple of the encoder's; 2048 at most
 * @param predictorHiddenWidthPerEmbeddingWidth hidden width of SimSiam's predictor as a multiple of
 *     the encoder's
 * @param fixedPredictorLearningRate whether the predictor's learning rate stays at its peak
 * @param weight of the contrast within the object loss; 0 switches it off
 * @param rampFraction fraction of the updates in which the weight rises geometrically from a
 *     thousandth to its value: AdamW's steps do not depend on the weight, so that the heads learn
 *     meanwhile, and the encoder is hardly moved by them
 */
record ContrastSettings(
    Sides sides,
    Predictor predictor,
    int projectorWidthPerEmbeddingWidth,
    double predictorHiddenWidthPerEmbeddingWidth,
    boolean fixedPredictorLearningRate,
    double weight,
    double rampFraction) {
  /** Regions of a pair that predict the other. */
  enum Sides {
    /** The masked region alone predicts its partner. */
    @JsonProperty("one-sided")
    ONE_SIDED,
    /** Region and partner predict each other unmasked too (SimSiam, equation 2). */
    @JsonProperty("symmetric")
    SYMMETRIC
  }

  /** Architectures of the predictor. */
  enum Predictor {
    @JsonProperty("simsiam")
    SIMSIAM,
    @JsonProperty("byol")
    BYOL
  }

  private static final double RAMP = 1000;

  static final ContrastSettings DEFAULTS =
      new ContrastSettings(Sides.ONE_SIDED, Predictor.SIMSIAM, 4, 1, true, .1, .2);

  ContrastSettings {
    SettingsChecks.positive(
        "contrast.projectorWidthPerEmbeddingWidth", projectorWidthPerEmbeddingWidth);
    SettingsChecks.positive(
        "contrast.predictorHiddenWidthPerEmbeddingWidth", predictorHiddenWidthPerEmbeddingWidth);
    SettingsChecks.that(weight >= 0, "contrast.weight must not be negative: " + weight);
    SettingsChecks.that(
        rampFraction >= 0 && rampFraction <= 1,
        "contrast.rampFraction must be in [0, 1], not " + rampFraction);
  }

  /** Weight in a step: weight × 1000^(t − 1), where t rises from 0 to 1 within the ramp. */
  double weightAt(int step, int steps) {
    double ramp = rampFraction * steps;
    return step < ramp ? weight * Math.pow(RAMP, step / ramp - 1) : weight;
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
