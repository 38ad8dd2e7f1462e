package downstream.segmentation;

import downstream.eval.encoder.FineTuning;
import org.jspecify.annotations.Nullable;

/**
 * Everything of a segmentation run that may move its score. A field that is absent takes its
 * default, which is stated here; docs/protocols/segmentation.md gives the reasons.
 *
 * @param mode {@code finetune} trains encoder and head, {@code frozen} the head alone; {@code
 *     finetune}
 * @param labelFraction share of the training pictures that is used, (0, 1]; 1
 * @param labelSeed draws that share; 0
 * @param imageSize side of the square the encoder sees, pixels; a picture's longer side becomes
 *     this at scale 1; 128
 * @param head {@code linear} or {@code fcn}; {@code fcn}
 * @param headWidth channels of the head's hidden layers; 64, for {@code linear} 0: it has none
 * @param steps optimiser updates; 150
 * @param batch pictures per update; 8
 * @param learningRate peak rate of AdamW for the head; 0.002
 * @param encoderRateScale the encoder's rate in units of the head's; 0.5
 * @param batchNorm {@code batch} trains on the statistics of the batch, {@code frozen} keeps the
 *     encoder's own; {@code frozen} for batches under 16
 * @param freeze stages of the encoder, from the images on, that are not trained; 0
 * @param layerDecay the rate of an encoder's layer in units of the next one's; 1
 * @param weightDecay decoupled, not on biases and norms; 0.05
 * @param warmup share of the steps in which the rate rises; 0.1
 * @param clip largest gradient norm, 0 for none; 1
 * @param flip mirror half of the training pictures; true
 * @param smallestScale a training picture is drawn at this share of its fitted size or more; 0.75,
 *     for {@code frozen} 1
 * @param largestScale … and at this share or less; 1.5, for {@code frozen} 1: a random crop is in
 *     no feature cache
 */
record SegmentationProtocol(
    String mode,
    Double labelFraction,
    Long labelSeed,
    Integer imageSize,
    String head,
    Integer headWidth,
    Integer steps,
    Integer batch,
    Double learningRate,
    Double encoderRateScale,
    String batchNorm,
    Integer freeze,
    Double layerDecay,
    Double weightDecay,
    Double warmup,
    Double clip,
    Boolean flip,
    Double smallestScale,
    Double largestScale) {

  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  SegmentationProtocol {
    mode = or(mode, "finetune");
    head = or(head, "fcn");
    check(mode.equals("finetune") || mode.equals("frozen"), "mode", mode, "finetune or frozen");
    check(Heads.NAMES.contains(head), "head", head, "one of " + Heads.NAMES);
    boolean frozen = mode.equals("frozen");
    boolean linear = head.equals("linear");
    labelFraction = or(labelFraction, 1.0);
    labelSeed = or(labelSeed, 0L);
    imageSize = or(imageSize, 128);
    headWidth = or(headWidth, linear ? 0 : 64);
    steps = or(steps, 150);
    batch = or(batch, 8);
    learningRate = or(learningRate, 0.002);
    encoderRateScale = or(encoderRateScale, 0.5);
    batchNorm = or(batchNorm, FineTuning.defaultBatchNorm(mode, batch));
    freeze = or(freeze, 0);
    layerDecay = or(layerDecay, 1.0);
    weightDecay = or(weightDecay, 0.05);
    warmup = or(warmup, 0.1);
    clip = or(clip, 1.0);
    flip = or(flip, true);
    smallestScale = or(smallestScale, frozen ? 1.0 : 0.75);
    largestScale = or(largestScale, frozen ? 1.0 : 1.5);

    FineTuning.of(mode, batchNorm, freeze, layerDecay);
    check(labelFraction > 0 && labelFraction <= 1, "labelFraction", labelFraction, "in (0, 1]");
    check(imageSize > 0, "imageSize", imageSize, "positive");
    check(
        linear ? headWidth == 0 : headWidth > 0, "headWidth", headWidth, "0 for linear, else > 0");
    check(steps > 0, "steps", steps, "positive");
    check(batch > 0, "batch", batch, "positive");
    check(positive(learningRate), "learningRate", learningRate, "positive");
    check(notNegative(encoderRateScale), "encoderRateScale", encoderRateScale, "not negative");
    check(notNegative(weightDecay), "weightDecay", weightDecay, "not negative");
    check(warmup >= 0 && warmup < 1, "warmup", warmup, "in [0, 1)");
    check(notNegative(clip), "clip", clip, "not negative");
    check(positive(smallestScale), "smallestScale", smallestScale, "positive");
    check(
        largestScale >= smallestScale && positive(largestScale),
        "largestScale",
        largestScale,
        "at least smallestScale");
    check(
        !frozen || (smallestScale == 1 && largestScale == 1),
        "smallestScale and largestScale",
        smallestScale + ", " + largestScale,
        "1 in mode frozen, whose features are cached by picture");
  }

  private static <T> T or(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }

  private static boolean positive(double value) {
    return value > 0 && value < Double.POSITIVE_INFINITY;
  }

  private static boolean notNegative(double value) {
    return value >= 0 && value < Double.POSITIVE_INFINITY;
  }

  private static void check(boolean holds, String field, Object found, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(field + " must be " + expected + ", not '" + found + "'");
    }
  }

  /** How the encoder is trained. */
  FineTuning tuning() {
    return FineTuning.of(mode, batchNorm, freeze, layerDecay);
  }

  boolean frozen() {
    return mode.equals("frozen");
  }
}
