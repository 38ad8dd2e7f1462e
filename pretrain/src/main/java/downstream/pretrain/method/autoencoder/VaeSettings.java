package downstream.pretrain.method.autoencoder;

import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.DecoderSettings;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.Presets;
import downstream.pretrain.settings.SettingsChecks;
import downstream.pretrain.settings.TrainingSettings;
import java.util.Map;

/**
 * Settings of {@link Vae}.
 *
 * @param decoder of images from codes
 * @param codeWidth values of a code; 0 for half of the embedding's
 * @param pixelVariance s², variance of a reconstructed value in normalised units
 * @param beta weight of the divergence from the standard Gaussian (paper: 1)
 * @param betaWarmup share of the updates in which this weight rises from 0
 * @param stopBelowDivergence smallest smoothed divergence after the monitor's warm-up, nats an
 *     image; 0 never stops
 * @param minCropArea smallest crop as a share of the image
 */
record VaeSettings(
    EncoderSettings encoder,
    DecoderSettings decoder,
    int codeWidth,
    double pixelVariance,
    double beta,
    double betaWarmup,
    double stopBelowDivergence,
    double minCropArea,
    TrainingSettings training,
    Budget budget) {
  static final Map<String, Record> PRESETS =
      Presets.of(
          of(
              EncoderSettings.SMOKE,
              DecoderSettings.SMOKE,
              TrainingSettings.adamW(8, 4e-3).clipped(1),
              Presets.SMOKE_BUDGET),
          of(
              EncoderSettings.SMALL,
              DecoderSettings.SMALL,
              TrainingSettings.adamW(64, 4e-3).clipped(1),
              Presets.SMALL_BUDGET),
          of(
              EncoderSettings.VIT_BASE,
              DecoderSettings.PAPER,
              AeSettings.LARGE_TRAINING,
              Budget.epochs(800)));

  VaeSettings {
    AeSettings.checkCode("codeWidth", codeWidth);
    SettingsChecks.positive("pixelVariance", pixelVariance);
    SettingsChecks.that(beta >= 0, "beta must not be negative: " + beta);
    SettingsChecks.that(
        betaWarmup >= 0 && betaWarmup <= 1, "betaWarmup must be in [0, 1], not " + betaWarmup);
    SettingsChecks.that(
        stopBelowDivergence >= 0,
        "stopBelowDivergence must not be negative: " + stopBelowDivergence);
    SettingsChecks.fraction("minCropArea", minCropArea);
  }

  private static VaeSettings of(
      EncoderSettings encoder, DecoderSettings decoder, TrainingSettings training, Budget budget) {
    return new VaeSettings(encoder, decoder, 0, 1, 1, .1, .1, .2, training, budget);
  }

  /** The same without a distribution. */
  AeSettings autoencoder() {
    return new AeSettings(encoder, decoder, codeWidth, minCropArea, training, budget);
  }

  /** Values of an image. */
  int values() {
    return 3 * encoder.imageSize() * encoder.imageSize();
  }
}
