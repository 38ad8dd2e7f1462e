package downstream.pretrain.method.contrast;

import downstream.pretrain.method.contrast.Siamese.PairLoss;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.Presets;
import downstream.pretrain.settings.SettingsChecks;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.settings.TrainingSettings.RateSchedule;
import downstream.pretrain.settings.TrainingSettings.UpdateRule;
import java.util.Map;

/**
 * Settings of {@link Siamese}.
 *
 * @param hiddenWidthPerEmbeddingWidth hidden width of the projector as a multiple of the
 *     embedding's; 4096 at most
 * @param projectorOutputWidth width of the projector's output
 * @param loss of a pair: Hadsell's of distances, or Bromley's of cosines
 * @param margin m, distance from which on a dissimilar pair costs nothing, in (0, 2]
 * @param negativesPerPositive number of dissimilar pairs for each similar one; without any it
 *     collapses
 * @param minCropArea smallest crop as a share of the image
 */
record SiameseSettings(
    EncoderSettings encoder,
    int hiddenWidthPerEmbeddingWidth,
    int projectorOutputWidth,
    PairLoss loss,
    double margin,
    int negativesPerPositive,
    double minCropArea,
    TrainingSettings training,
    Budget budget) {
  private static final int WIDEST_HIDDEN = 4096;

  /** Paper: no recipe for today's encoders; sizes of BYOL and training of SimSiam. */
  static final Map<String, Record> PRESETS =
      Presets.of(
          new SiameseSettings(
              EncoderSettings.SMOKE,
              4,
              16,
              PairLoss.MARGIN,
              1,
              1,
              .2,
              TrainingSettings.adamW(8, 1e-3).clipped(1),
              Presets.SMOKE_BUDGET),
          new SiameseSettings(
              EncoderSettings.SMALL,
              4,
              128,
              PairLoss.MARGIN,
              1,
              1,
              .2,
              TrainingSettings.adamW(64, 1e-3).clipped(1),
              Presets.SMALL_BUDGET),
          new SiameseSettings(
              EncoderSettings.RESNET_50,
              4,
              256,
              PairLoss.MARGIN,
              1,
              1,
              .2,
              new TrainingSettings(
                  512,
                  UpdateRule.SGD,
                  .05,
                  1e-4,
                  .9,
                  .95,
                  .9,
                  RateSchedule.COSINE_PER_EPOCH,
                  0,
                  0,
                  0),
              Budget.epochs(100)));

  SiameseSettings {
    SettingsChecks.positive("hiddenWidthPerEmbeddingWidth", hiddenWidthPerEmbeddingWidth);
    SettingsChecks.positive("projectorOutputWidth", projectorOutputWidth);
    SettingsChecks.that(
        margin > 0 && margin <= 2,
        "margin must be in (0, 2], since projections have length 1, not " + margin);
    SettingsChecks.that(
        negativesPerPositive >= 0 && negativesPerPositive < training.batch(),
        "negativesPerPositive must be less than training.batch "
            + training.batch()
            + ", not "
            + negativesPerPositive);
    SettingsChecks.fraction("minCropArea", minCropArea);
    SettingsChecks.batchNorm(training);
  }

  /** Hidden width of the projector. */
  int hiddenWidth() {
    return Math.min(WIDEST_HIDDEN, hiddenWidthPerEmbeddingWidth * encoder.embeddingWidth());
  }
}
