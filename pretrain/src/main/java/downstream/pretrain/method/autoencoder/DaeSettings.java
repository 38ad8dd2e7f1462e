package downstream.pretrain.method.autoencoder;

import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.DecoderSettings;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.Presets;
import downstream.pretrain.settings.SettingsChecks;
import downstream.pretrain.settings.TrainingSettings;
import java.util.Map;

/**
 * Settings of {@link Dae}.
 *
 * @param decoder of images from codes
 * @param codeWidth values of a code; 0 for half of the embedding's
 * @param corruption noise on what the encoder sees; the paper's amounts are 0.1, 0.25 and 0.4 of
 *     the pixels, or Gaussian noise of 0.05 to 0.5
 * @param emphasis α in [0.5, 1]: weight of the error at corrupted pixels, where that at others is 1
 *     − α; 0.5 counts all pixels alike
 * @param minCropArea smallest crop as a share of the image
 */
record DaeSettings(
    EncoderSettings encoder,
    DecoderSettings decoder,
    int codeWidth,
    Corruption corruption,
    double emphasis,
    double minCropArea,
    TrainingSettings training,
    Budget budget) {
  private static final Corruption MASKING = new Corruption(Corruption.Kind.MASKING, .25);

  static final Map<String, Record> PRESETS =
      Presets.of(
          new DaeSettings(
              EncoderSettings.SMOKE,
              DecoderSettings.SMOKE,
              0,
              MASKING,
              .5,
              .2,
              TrainingSettings.adamW(8, 4e-3).clipped(1),
              Presets.SMOKE_BUDGET),
          new DaeSettings(
              EncoderSettings.SMALL,
              DecoderSettings.SMALL,
              0,
              MASKING,
              .5,
              .2,
              TrainingSettings.adamW(64, 4e-3).clipped(1),
              Presets.SMALL_BUDGET),
          new DaeSettings(
              EncoderSettings.VIT_BASE,
              DecoderSettings.PAPER,
              0,
              MASKING,
              .5,
              .2,
              AeSettings.LARGE_TRAINING,
              Budget.epochs(800)));

  DaeSettings {
    AeSettings.checkCode("codeWidth", codeWidth);
    SettingsChecks.fraction("minCropArea", minCropArea);
    SettingsChecks.that(
        emphasis >= .5 && emphasis <= 1, "emphasis must be in [0.5, 1], not " + emphasis);
  }

  /** The same without corruption. */
  AeSettings autoencoder() {
    return new AeSettings(encoder, decoder, codeWidth, minCropArea, training, budget);
  }
}
