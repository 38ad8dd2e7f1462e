package downstream.pretrain.method;

import com.fasterxml.jackson.annotation.JsonProperty;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.SettingsChecks;

/**
 * How IOCA's second stage pulls the regions of a pair together.
 *
 * @param sides which side predicts
 * @param predictor whose
 * @param widthScale width of projections and of the projector's hidden layers as a multiple of the
 *     encoder's; 2048 at most
 * @param bottleneckScale hidden width of SimSiam's predictor as a multiple of the encoder's
 * @param fixedPredictorRate whether the predictor's learning rate stays at its peak
 * @param weight of the contrast within the object loss; 0 switches it off
 */
record ContrastSettings(
    Sides sides,
    Predictor predictor,
    int widthScale,
    double bottleneckScale,
    boolean fixedPredictorRate,
    double weight) {
  /** Which side predicts the other. */
  enum Sides {
    /** The masked region predicts its partner. */
    @JsonProperty("one-sided")
    ONE_SIDED,
    /** The partner predicts the region too, which is unmasked then. */
    @JsonProperty("symmetric")
    SYMMETRIC
  }

  /** Whose prediction MLP. */
  enum Predictor {
    @JsonProperty("simsiam")
    SIMSIAM,
    @JsonProperty("byol")
    BYOL
  }

  static final ContrastSettings DEFAULTS =
      new ContrastSettings(Sides.ONE_SIDED, Predictor.SIMSIAM, 4, 1, true, 1);

  ContrastSettings {
    SettingsChecks.positive("contrast.widthScale", widthScale);
    SettingsChecks.positive("contrast.bottleneckScale", bottleneckScale);
    SettingsChecks.that(weight >= 0, "contrast.weight must not be negative: " + weight);
  }

  /** Width of a projection. */
  int width(EncoderSettings encoder) {
    return SimSiamSettings.width(encoder, widthScale);
  }

  /** Width of the predictor's hidden layer: BYOL's is as wide as a projection. */
  int bottleneck(EncoderSettings encoder) {
    return switch (predictor) {
      case SIMSIAM -> Math.max(1, (int) Math.round(bottleneckScale * encoder.embedding()));
      case BYOL -> width(encoder);
    };
  }
}
