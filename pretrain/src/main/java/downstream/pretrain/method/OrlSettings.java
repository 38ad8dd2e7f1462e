package downstream.pretrain.method;

import downstream.eval.encoder.build.InitialWeights;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.MiningSettings;
import downstream.pretrain.settings.Presets;
import downstream.pretrain.settings.SettingsChecks;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.settings.TrainingSettings.RateSchedule;
import downstream.pretrain.settings.TrainingSettings.UpdateRule;
import java.util.Map;
import java.util.Optional;

/**
 * Settings of {@link Orl}.
 *
 * @param hiddenWidthPerEmbeddingWidth hidden width of projector and predictors as a multiple of the
 *     embedding's; 4096, the paper's, at most
 * @param projectorOutputWidth width of projector's and predictors' output (paper: 256)
 * @param targetMomentum τ at the start; it rises to 1 along a cosine (paper: 0.99)
 * @param minCropArea smallest crop of a global view as a share of the image (paper: 0.08)
 * @param regionViewScale side of a region's view as a share of a global view's (paper: 96 of 224)
 * @param globalWeight weight of the loss of two views of an image
 * @param intraWeight weight of the loss of a region and a jittered copy of it
 * @param interWeight weight of the loss of two paired regions
 * @param mining settings of the search for regions and pairs
 * @param stage1BudgetFraction share of the budget for stage 1, the image-level BYOL
 * @param stage1Encoder file of an encoder in place of stage 1
 * @param pairsFile file of mined pairs in place of stage 2
 * @param training settings of the training of stages 1 and 3
 */
public record OrlSettings(
    EncoderSettings encoder,
    int hiddenWidthPerEmbeddingWidth,
    int projectorOutputWidth,
    double targetMomentum,
    double minCropArea,
    double regionViewScale,
    double globalWeight,
    double intraWeight,
    double interWeight,
    MiningSettings mining,
    double stage1BudgetFraction,
    Optional<String> stage1Encoder,
    Optional<String> pairsFile,
    TrainingSettings training,
    Budget budget) {
  private static final double PATCH_SCALE = 3.0 / 7;

  /** A small transformer, trained by AdamW. */
  public static final OrlSettings SMALL =
      of(
          EncoderSettings.SMALL,
          128,
          TrainingSettings.adamW(64, 4e-3).clipped(1),
          Presets.SMALL_BUDGET);

  /**
   * Xie et al. 2021: ResNet-50, SGD at 0.4 for a batch of 512, warm-up of 4 epochs, 800 epochs of
   * stage 1 and 800 of stage 3.
   */
  static final OrlSettings PAPER =
      of(
          EncoderSettings.RESNET_50,
          256,
          new TrainingSettings(
              512,
              UpdateRule.SGD,
              .2,
              1e-4,
              .9,
              .95,
              .9,
              RateSchedule.COSINE_PER_EPOCH,
              .005,
              1e-4,
              0),
          Budget.epochs(1600));

  static final Map<String, Record> PRESETS =
      Presets.of(
          of(
              EncoderSettings.SMOKE,
              16,
              TrainingSettings.adamW(8, 4e-3).clipped(1),
              Presets.SMOKE_BUDGET),
          SMALL,
          PAPER);

  private static OrlSettings of(
      EncoderSettings encoder, int projectorOutputWidth, TrainingSettings training, Budget budget) {
    return new OrlSettings(
        encoder,
        4,
        projectorOutputWidth,
        .99,
        .08,
        PATCH_SCALE,
        1,
        1,
        1,
        MiningSettings.ORL,
        .5,
        Optional.empty(),
        Optional.empty(),
        training,
        budget);
  }

  public OrlSettings {
    encoder = encoder.orInitialWeights(InitialWeights.FAN_IN);
    SettingsChecks.anyGrid(encoder);
    SettingsChecks.fraction("regionViewScale", regionViewScale);
    SettingsChecks.stages(stage1BudgetFraction, stage1Encoder, pairsFile);
    stage1(
        encoder,
        hiddenWidthPerEmbeddingWidth,
        projectorOutputWidth,
        targetMomentum,
        minCropArea,
        training,
        budget); // checks them
  }

  /** Stage 1. */
  ByolSettings stage1Settings() {
    return stage1(
        encoder,
        hiddenWidthPerEmbeddingWidth,
        projectorOutputWidth,
        targetMomentum,
        minCropArea,
        training,
        budget.fraction(stage1BudgetFraction));
  }

  private static ByolSettings stage1(
      EncoderSettings encoder,
      int hiddenWidthPerEmbeddingWidth,
      int projectorOutputWidth,
      double targetMomentum,
      double minCropArea,
      TrainingSettings training,
      Budget budget) {
    return new ByolSettings(
        encoder,
        hiddenWidthPerEmbeddingWidth,
        projectorOutputWidth,
        targetMomentum,
        ByolSettings.Augmentation.ORL,
        minCropArea,
        training,
        budget);
  }

  /** Side of a region's view in pixels: a multiple of what the encoder can take. */
  int regionViewSize() {
    int unit = encoder.isTransformer() ? encoder.patchSize() : 32;
    return unit * (int) Math.max(1, Math.round(regionViewScale * encoder.imageSize() / unit));
  }

  /** Hidden width of projector and predictors. */
  int hiddenWidth() {
    return stage1Settings().hiddenWidth();
  }
}
