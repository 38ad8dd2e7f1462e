package downstream.pretrain.method.autoencoder;

import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.DecoderSettings;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.Presets;
import downstream.pretrain.settings.SettingsChecks;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.settings.TrainingSettings.RateSchedule;
import downstream.pretrain.settings.TrainingSettings.UpdateRule;
import downstream.pretrain.views.CropView;
import java.util.Map;

/**
 * Settings of {@link Ae}.
 *
 * @param decoder of images from codes
 * @param codeWidth values of a code; 0 for half of the embedding's
 * @param minCropArea smallest crop as a share of the image
 */
record AeSettings(
    EncoderSettings encoder,
    DecoderSettings decoder,
    int codeWidth,
    double minCropArea,
    TrainingSettings training,
    Budget budget) {
  static final AeSettings SMALL =
      new AeSettings(
          EncoderSettings.SMALL,
          DecoderSettings.SMALL,
          0,
          .2,
          TrainingSettings.adamW(64, 4e-3).clipped(1),
          Presets.SMALL_BUDGET);

  /** No paper has a recipe: sizes and training of MAE's. */
  static final TrainingSettings LARGE_TRAINING =
      new TrainingSettings(
          4096, UpdateRule.ADAMW, 1.5e-4, .05, .9, .95, .9, RateSchedule.COSINE, .05, 0, 0);

  static final Map<String, Record> PRESETS =
      Presets.of(
          new AeSettings(
              EncoderSettings.SMOKE,
              DecoderSettings.SMOKE,
              0,
              .2,
              TrainingSettings.adamW(8, 4e-3).clipped(1),
              Presets.SMOKE_BUDGET),
          SMALL,
          new AeSettings(
              EncoderSettings.VIT_BASE,
              DecoderSettings.PAPER,
              0,
              .2,
              LARGE_TRAINING,
              Budget.epochs(800)));

  AeSettings {
    checkCode("codeWidth", codeWidth);
    SettingsChecks.fraction("minCropArea", minCropArea);
  }

  static void checkCode(String name, int width) {
    SettingsChecks.that(width >= 0, name + " must not be negative: " + width);
  }

  /** Values of a code. */
  int code() {
    return code(codeWidth, encoder);
  }

  static int code(int width, EncoderSettings encoder) {
    return width == 0 ? encoder.embeddingWidth() / 2 : width;
  }

  /** Random resized crop and flip, as MAE's. */
  CropView view() {
    return CropView.mae(encoder.imageSize(), minCropArea);
  }
}
