package downstream.pretrain.method.contrast;

import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.Presets;
import downstream.pretrain.settings.SettingsChecks;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.settings.TrainingSettings.RateSchedule;
import downstream.pretrain.settings.TrainingSettings.UpdateRule;
import java.util.Map;

/**
 * Settings of {@link SlotCon}.
 *
 * @param slots S, the number of slots (paper: 256)
 * @param hiddenWidthPerEmbeddingWidth hidden width of projector and predictor as a multiple of the
 *     embedding's; 4096, the paper's, at most
 * @param projectorOutputWidth d, the width of projected cells and of slots (paper: 256)
 * @param studentTemperature what the student's scores are divided by (paper: 0.1)
 * @param teacherTemperature what the teacher's scores are divided by, and those by which both pool
 *     their cells (paper: 0.07)
 * @param slotTemperature T of the contrast of slots (paper: 0.2)
 * @param groupingWeight weight of the grouping loss; that of slots has 1 less this (paper: 0.5)
 * @param centreMomentum what the centre of the teacher's scores keeps of itself (paper: 0.9)
 * @param targetMomentum τ of the teacher at the start; it rises to 1 along a cosine (paper: 0.99)
 * @param minCropArea smallest crop as a share of the image (paper: 0.08)
 */
record SlotConSettings(
    EncoderSettings encoder,
    int slots,
    int hiddenWidthPerEmbeddingWidth,
    int projectorOutputWidth,
    double studentTemperature,
    double teacherTemperature,
    double slotTemperature,
    double groupingWeight,
    double centreMomentum,
    double targetMomentum,
    double minCropArea,
    TrainingSettings training,
    Budget budget) {
  private static final int WIDEST_HIDDEN = 4096;

  /** A small transformer, trained by AdamW; the paper has ResNets only. */
  static final SlotConSettings SMALL =
      of(
          EncoderSettings.SMALL,
          64,
          128,
          TrainingSettings.adamW(64, 1e-3).clipped(1),
          Presets.SMALL_BUDGET);

  /**
   * Wen et al. 2022 on COCO: ResNet-50, LARS at 1 for a batch of 256, batch 512, 800 epochs, of
   * which 5 to warm up from a hundredth.
   */
  static final SlotConSettings PAPER =
      of(
          EncoderSettings.RESNET_50,
          256,
          256,
          new TrainingSettings(
                  512, UpdateRule.LARS, 1, 1e-5, .9, .95, .9, RateSchedule.COSINE, 5. / 800, .01, 0)
              .withFloor(5e-7),
          Budget.epochs(800));

  static final Map<String, Record> PRESETS =
      Presets.of(
          of(
              EncoderSettings.SMOKE,
              8,
              16,
              TrainingSettings.adamW(8, 1e-3).clipped(1),
              Presets.SMOKE_BUDGET),
          SMALL,
          PAPER);

  static SlotConSettings of(
      EncoderSettings encoder,
      int slots,
      int projectorOutputWidth,
      TrainingSettings training,
      Budget budget) {
    return new SlotConSettings(
        encoder, slots, 4, projectorOutputWidth, .1, .07, .2, .5, .9, .99, .08, training, budget);
  }

  SlotConSettings {
    SettingsChecks.that(slots > 1, "slots must be at least 2, not " + slots);
    SettingsChecks.positive("hiddenWidthPerEmbeddingWidth", hiddenWidthPerEmbeddingWidth);
    SettingsChecks.positive("projectorOutputWidth", projectorOutputWidth);
    SettingsChecks.positive("studentTemperature", studentTemperature);
    SettingsChecks.positive("teacherTemperature", teacherTemperature);
    SettingsChecks.positive("slotTemperature", slotTemperature);
    SettingsChecks.that(
        groupingWeight >= 0 && groupingWeight <= 1,
        "groupingWeight must be in [0, 1], not " + groupingWeight);
    SettingsChecks.momentum("centreMomentum", centreMomentum);
    SettingsChecks.momentum("targetMomentum", targetMomentum);
    SettingsChecks.fraction("minCropArea", minCropArea);
    SettingsChecks.batchNorm(training);
  }

  /** Hidden width of projector and predictor. */
  int hidden() {
    return Math.min(WIDEST_HIDDEN, hiddenWidthPerEmbeddingWidth * encoder.embeddingWidth());
  }

  /** L, the cells of an image. */
  int cells() {
    return encoder.cells();
  }
}
