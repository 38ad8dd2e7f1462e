package downstream.pretrain.method;

import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.Presets;
import downstream.pretrain.settings.SettingsChecks;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.settings.TrainingSettings.RateSchedule;
import downstream.pretrain.settings.TrainingSettings.UpdateRule;
import java.util.Map;

/**
 * Settings of {@link SimSiam}.
 *
 * @param projectorWidthPerEmbeddingWidth d, the width of projections and of the projector's hidden
 *     layers, as a multiple of the embedding's; 2048, the paper's, at most. The predictor's
 *     bottleneck is d/4
 * @param fixedPredictorLearningRate whether the predictor's learning rate stays at its peak (paper:
 *     yes)
 * @param minCropArea smallest crop as a share of the image (paper: 0.2)
 */
public record SimSiamSettings(
    EncoderSettings encoder,
    int projectorWidthPerEmbeddingWidth,
    boolean fixedPredictorLearningRate,
    double minCropArea,
    TrainingSettings training,
    Budget budget) {
  private static final int WIDEST = 2048;
  private static final int BOTTLENECK = 4;

  /**
   * A small transformer, trained by AdamW at a rate chosen by trial: at 0.004 the projections lose
   * rank.
   */
  static final SimSiamSettings SMALL =
      new SimSiamSettings(
          EncoderSettings.SMALL,
          4,
          true,
          .2,
          TrainingSettings.adamW(64, 1e-3).clipped(1),
          Presets.SMALL_BUDGET);

  /** Chen and He 2021: ResNet-50, SGD, batch 512, 100 epochs, no warm-up. */
  static final SimSiamSettings PAPER =
      new SimSiamSettings(
          EncoderSettings.RESNET_50,
          4,
          true,
          .2,
          new TrainingSettings(
              512, UpdateRule.SGD, .05, 1e-4, .9, .95, .9, RateSchedule.COSINE_PER_EPOCH, 0, 0, 0),
          Budget.epochs(100));

  static final Map<String, Record> PRESETS =
      Presets.of(
          new SimSiamSettings(
              EncoderSettings.SMOKE,
              4,
              true,
              .2,
              TrainingSettings.adamW(8, 1e-3).clipped(1),
              Presets.SMOKE_BUDGET),
          SMALL,
          PAPER);

  public SimSiamSettings {
    SettingsChecks.positive("projectorWidthPerEmbeddingWidth", projectorWidthPerEmbeddingWidth);
    SettingsChecks.fraction("minCropArea", minCropArea);
    SettingsChecks.batchNorm(training);
  }

  /** d. */
  int width() {
    return width(encoder, projectorWidthPerEmbeddingWidth);
  }

  public static int width(EncoderSettings encoder, int scale) {
    return Math.min(WIDEST, scale * encoder.embeddingWidth());
  }

  /** Width of the predictor's hidden layer. */
  static int bottleneck(int width) {
    return width / BOTTLENECK;
  }
}
