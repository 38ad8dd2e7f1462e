package downstream.segmentation;

import downstream.eval.encoder.FineTuning;
import downstream.eval.train.optimiser.Optimiser;
import downstream.eval.train.optimiser.Schedule;
import downstream.segmentation.heads.HeadSettings;
import downstream.segmentation.heads.SegmentationHeads;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything of a segmentation run that may move its score. A field that is absent takes its
 * default, which is stated here; docs/reference/protocols/segmentation.md gives the reasons.
 *
 * @param mode {@code finetune} trains encoder and head, {@code frozen} the head alone; {@code
 *     finetune}
 * @param labelFraction share of the training pictures that is used, (0, 1]; 1
 * @param labelSeed draws that share; 0
 * @param imageSize side of the square the encoder sees, pixels; a picture's longer side becomes
 *     this at scale 1; 128
 * @param head {@code linear}, {@code fcn} or {@code upernet}; {@code fcn}
 * @param headWidth channels of the head's hidden layers; 64, for {@code linear} 0: it has none
 * @param concat whether {@code fcn} puts the encoder's map beside its own, as mmseg does; false
 * @param auxiliary weight of the loss of a second head on the map before the last; 0.4, for {@code
 *     linear} 0
 * @param auxiliaryWidth channels of its hidden layer; headWidth, without it 0
 * @param dropout share of channels that are taken out before the decision; 0
 * @param blocks of a plain transformer that are read, as shares of its depth; 0.25, 0.5, 0.75, 1
 * @param steps optimiser updates; 150
 * @param batch pictures per update; 8
 * @param optimiser {@code adamw} (moments 0.9 and 0.999) or {@code sgd} (momentum 0.9, everything
 *     decayed); {@code adamw}
 * @param learningRate peak rate of the head; 0.002
 * @param encoderRateScale the encoder's rate in units of the head's; 0.5
 * @param batchNorm {@code batch} trains on the statistics of the batch, {@code frozen} keeps the
 *     encoder's own; {@code frozen} for batches under 16
 * @param freeze stages of the encoder, from the images on, that are not trained; 0
 * @param layerDecay the rate of an encoder's layer in units of the next one's; 1
 * @param weightDecay of AdamW decoupled and not on biases and norms; 0.05
 * @param schedule {@code cosine} or {@code polynomial}: how the rate falls; {@code cosine}
 * @param power of {@code polynomial}; 0.9, for {@code cosine} 0
 * @param finalRate share of the peak rate at the end; 0
 * @param warmup share of the steps in which the rate rises; 0.1
 * @param clip largest gradient norm, 0 for none; 1
 * @param flip mirror half of the training pictures; true
 * @param smallestScale a training picture is drawn at this share of its fitted size or more; 0.75,
 *     for {@code frozen} 1
 * @param largestScale … and at this share or less; 1.5, for {@code frozen} 1: a random crop is in
 *     no feature cache
 * @param classShare a crop that is more than this of one class is drawn again, ten times at most;
 *     1: never
 * @param photometric whether brightness, contrast, saturation and hue are shifted; false
 * @param inference {@code whole} sees each picture once, its longer side imageSize; {@code slide}
 *     in windows of imageSize, its shorter side imageSize; {@code whole}
 * @param slideStride pixels between windows; half of imageSize, for {@code whole} 0
 */
record SegmentationProtocol(
    String mode,
    Double labelFraction,
    Long labelSeed,
    Integer imageSize,
    String head,
    Integer headWidth,
    Boolean concat,
    Double auxiliary,
    Integer auxiliaryWidth,
    Double dropout,
    List<Double> blocks,
    Integer steps,
    Integer batch,
    String optimiser,
    Double learningRate,
    Double encoderRateScale,
    String batchNorm,
    Integer freeze,
    Double layerDecay,
    Double weightDecay,
    String schedule,
    Double power,
    Double finalRate,
    Double warmup,
    Double clip,
    Boolean flip,
    Double smallestScale,
    Double largestScale,
    Double classShare,
    Boolean photometric,
    String inference,
    Integer slideStride) {
  private static final List<String> OPTIMISERS = List.of("adamw", "sgd");
  private static final double MOMENTUM = 0.9;

  /** AdamW's usual moments; a protocol changes rates, not these. */
  private static final double BETA1 = 0.9;

  private static final double BETA2 = 0.999;

  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  SegmentationProtocol {
    mode = or(mode, "finetune");
    head = or(head, "fcn");
    check(mode.equals("finetune") || mode.equals("frozen"), "mode", mode, "finetune or frozen");
    check(
        SegmentationHeads.NAMES.contains(head), "head", head, "one of " + SegmentationHeads.NAMES);
    boolean frozen = mode.equals("frozen");
    boolean linear = head.equals("linear");
    labelFraction = or(labelFraction, 1.0);
    labelSeed = or(labelSeed, 0L);
    imageSize = or(imageSize, 128);
    headWidth = or(headWidth, linear ? 0 : 64);
    concat = or(concat, false);
    auxiliary = or(auxiliary, linear ? 0.0 : 0.4);
    auxiliaryWidth = or(auxiliaryWidth, auxiliary > 0 ? headWidth : 0);
    dropout = or(dropout, 0.0);
    blocks = List.copyOf(or(blocks, List.of(0.25, 0.5, 0.75, 1.0)));
    steps = or(steps, 150);
    batch = or(batch, 8);
    optimiser = or(optimiser, "adamw");
    learningRate = or(learningRate, 0.002);
    encoderRateScale = or(encoderRateScale, 0.5);
    batchNorm = or(batchNorm, FineTuning.defaultBatchNorm(mode, batch));
    freeze = or(freeze, 0);
    layerDecay = or(layerDecay, 1.0);
    weightDecay = or(weightDecay, 0.05);
    schedule = or(schedule, "cosine");
    boolean polynomial = schedule.equals("polynomial");
    power = or(power, polynomial ? 0.9 : 0.0);
    finalRate = or(finalRate, 0.0);
    warmup = or(warmup, 0.1);
    clip = or(clip, 1.0);
    flip = or(flip, true);
    smallestScale = or(smallestScale, frozen ? 1.0 : 0.75);
    largestScale = or(largestScale, frozen ? 1.0 : 1.5);
    classShare = or(classShare, 1.0);
    photometric = or(photometric, false);
    inference = or(inference, "whole");
    boolean slides = inference.equals("slide");
    slideStride = or(slideStride, slides ? Math.max(1, imageSize / 2) : 0);

    FineTuning.of(mode, batchNorm, freeze, layerDecay);
    check(labelFraction > 0 && labelFraction <= 1, "labelFraction", labelFraction, "in (0, 1]");
    check(imageSize > 0, "imageSize", imageSize, "positive");
    check(
        linear ? headWidth == 0 : headWidth > 0, "headWidth", headWidth, "0 for linear, else > 0");
    check(head.equals("fcn") || !concat, "concat", concat, "false, but for fcn");
    check(
        linear ? auxiliary == 0 : notNegative(auxiliary),
        "auxiliary",
        auxiliary,
        "0 for linear, else not negative");
    check(
        auxiliary > 0 ? auxiliaryWidth > 0 : auxiliaryWidth == 0,
        "auxiliaryWidth",
        auxiliaryWidth,
        "positive with an auxiliary head, else 0");
    check(dropout >= 0 && dropout < 1, "dropout", dropout, "in [0, 1)");
    check(ascending(blocks), "blocks", blocks, "two or more ascending shares in (0, 1]");
    check(steps > 0, "steps", steps, "positive");
    check(batch > 0, "batch", batch, "positive");
    check(OPTIMISERS.contains(optimiser), "optimiser", optimiser, "one of " + OPTIMISERS);
    check(positive(learningRate), "learningRate", learningRate, "positive");
    check(notNegative(encoderRateScale), "encoderRateScale", encoderRateScale, "not negative");
    check(notNegative(weightDecay), "weightDecay", weightDecay, "not negative");
    check(polynomial || schedule.equals("cosine"), "schedule", schedule, "cosine or polynomial");
    check(polynomial ? positive(power) : power == 0, "power", power, "positive, 0 for cosine");
    check(finalRate >= 0 && finalRate <= 1, "finalRate", finalRate, "in [0, 1]");
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
    check(classShare > 0 && classShare <= 1, "classShare", classShare, "in (0, 1]");
    check(
        !frozen || (classShare == 1 && !photometric && !slides),
        "classShare, photometric and inference",
        classShare + ", " + photometric + ", " + inference,
        "1, false and whole in mode frozen, whose features are cached by picture");
    check(slides || inference.equals("whole"), "inference", inference, "whole or slide");
    check(
        slides ? slideStride > 0 && slideStride <= imageSize : slideStride == 0,
        "slideStride",
        slideStride,
        "1 to imageSize for slide, 0 for whole");
  }

  private static boolean ascending(List<Double> shares) {
    double before = 0;
    for (double share : shares) {
      if (!(share > before && share <= 1)) {
        return false;
      }
      before = share;
    }
    return shares.size() > 1;
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

  boolean slides() {
    return inference.equals("slide");
  }

  HeadSettings headSettings() {
    return new HeadSettings(head, headWidth, concat, auxiliary, auxiliaryWidth, dropout, blocks);
  }

  /** The update rule of encoder and head. */
  Optimiser updates() {
    return optimiser.equals("sgd")
        ? new Optimiser.Sgd(learningRate, MOMENTUM, weightDecay, true)
        : new Optimiser.AdamW(learningRate, weightDecay, BETA1, BETA2);
  }

  /** How the rate moves. */
  Schedule rates() {
    Schedule.Decay decay =
        power > 0
            ? new Schedule.Polynomial(power, finalRate)
            : new Schedule.Cosine(finalRate, false);
    return new Schedule(warmup, 0, decay, 1);
  }
}
