package downstream.eval.finetune;

import static downstream.eval.Checks.atLeast;
import static downstream.eval.Checks.check;
import static downstream.eval.Checks.notNegative;
import static downstream.eval.Checks.or;

import downstream.eval.encoder.FineTuningSettings;
import java.util.Optional;

/**
 * Group {@code encoder} of a protocol: whether and how the encoder is trained.
 *
 * @param mode {@code finetune} trains encoder and head, {@code frozen} the head alone; {@code
 *     finetune}
 * @param batchNorm {@code batch} trains on the statistics of the batch, {@code frozen} keeps those
 *     of pretraining; {@code frozen} for batches under 16 and in mode {@code frozen}, else {@code
 *     batch}
 * @param frozenStages stages of the encoder, counted from the images, that are not trained; 0
 * @param layerDecay learning rate of a layer as a multiple of the next one's, (0, 1]; 1
 * @param learningRateScale learning rate of the encoder as a multiple of the head's; 0.5
 * @param attentionWindow side in patches of the windows within which a transformer attends, four
 *     blocks excepted (ViTDet); 0: everywhere
 */
public record EncoderTuning(
    EncoderMode mode,
    Optional<BatchNormMode> batchNorm,
    Integer frozenStages,
    Double layerDecay,
    Double learningRateScale,
    Integer attentionWindow) {
  /** The statistics of fewer images are noise. */
  private static final int SMALLEST_NORM_BATCH = 16;

  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  public EncoderTuning {
    mode = or(mode, EncoderMode.FINETUNE);
    batchNorm = or(batchNorm, Optional.empty());
    frozenStages = or(frozenStages, 0);
    layerDecay = or(layerDecay, 1.0);
    learningRateScale = or(learningRateScale, 0.5);
    attentionWindow = or(attentionWindow, 0);
    atLeast(frozenStages, 0, "encoder.frozenStages");
    check(layerDecay > 0 && layerDecay <= 1, "encoder.layerDecay", layerDecay, "in (0, 1]");
    notNegative(learningRateScale, "encoder.learningRateScale");
    atLeast(attentionWindow, 0, "encoder.attentionWindow");
    if (mode == EncoderMode.FROZEN) {
      boolean batch = batchNorm.filter(BatchNormMode.BATCH::equals).isPresent();
      check(
          !batch && frozenStages == 0 && layerDecay == 1,
          "encoder.batchNorm, frozenStages and layerDecay",
          (batch ? "batch" : "frozen") + ", " + frozenStages + ", " + layerDecay,
          "frozen, 0 and 1 in mode frozen, which does not train the encoder");
    }
  }

  /**
   * Returns these settings with the batch norm that is the default for this many images per update.
   */
  public EncoderTuning forBatch(int batch) {
    boolean few = batch < SMALLEST_NORM_BATCH || frozen();
    BatchNormMode norm = batchNorm.orElse(few ? BatchNormMode.FROZEN : BatchNormMode.BATCH);
    return new EncoderTuning(
        mode, Optional.of(norm), frozenStages, layerDecay, learningRateScale, attentionWindow);
  }

  /** Tells whether the encoder is not trained. */
  public boolean frozen() {
    return mode == EncoderMode.FROZEN;
  }

  /** Returns the settings that the training engine needs. */
  public FineTuningSettings fineTuning() {
    boolean batch = batchNorm.filter(BatchNormMode.BATCH::equals).isPresent();
    return new FineTuningSettings(batch, frozenStages, layerDecay);
  }
}
