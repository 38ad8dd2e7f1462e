package downstream.eval.encoder;

/**
 * How an encoder is fine-tuned.
 *
 * @param batchStatistics whether BatchNormalization uses and updates the batch's statistics; else
 *     it keeps to its running ones
 * @param frozenStages how many stages from the images on are not trained; see {@code LayerGroups}
 * @param layerDecay the learning rate of a layer as a multiple of the next one's, in (0, 1]; 1
 *     trains all alike (Clark et al., 2020; Bao et al., 2022)
 */
public record FineTuning(boolean batchStatistics, int frozenStages, double layerDecay) {
  private static final String BATCH = "batch";
  private static final String FROZEN = "frozen";

  /** Everything is trained at one rate, on running statistics. */
  public static final FineTuning WHOLE = new FineTuning(false, 0, 1);

  public FineTuning {
    check(frozenStages >= 0, "frozenStages", frozenStages, "0 or more");
    check(layerDecay > 0 && layerDecay <= 1, "layerDecay", layerDecay, "in (0, 1]");
  }

  /** The statistics of few pictures are noise; a frozen encoder has none to train. */
  public static String defaultBatchNorm(String mode, int batch) {
    return batch < 16 || mode.equals(FROZEN) ? FROZEN : BATCH;
  }

  /**
   * What a protocol's fields say.
   *
   * @param mode {@code finetune} or {@code frozen}
   * @param batchNorm {@code batch} or {@code frozen}
   * @throws IllegalArgumentException naming the field that cannot be used
   */
  public static FineTuning of(String mode, String batchNorm, int freeze, double layerDecay) {
    check(
        batchNorm.equals(BATCH) || batchNorm.equals(FROZEN),
        "batchNorm",
        batchNorm,
        "batch or frozen");
    check(freeze >= 0, "freeze", freeze, "a number of stages, 0 or more");
    FineTuning tuning = new FineTuning(batchNorm.equals(BATCH), freeze, layerDecay);
    check(
        !mode.equals(FROZEN) || tuning.equals(WHOLE),
        "batchNorm, freeze and layerDecay",
        batchNorm + ", " + freeze + ", " + layerDecay,
        "frozen, 0 and 1 in mode frozen, which does not train the encoder");
    return tuning;
  }

  private static void check(boolean holds, String field, Object found, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(field + " must be " + expected + ", not '" + found + "'");
    }
  }
}
