package downstream.detection.heads;

import static downstream.detection.heads.Checks.atLeast;
import static downstream.detection.heads.Checks.check;
import static downstream.detection.heads.Checks.notNegative;
import static downstream.detection.heads.Checks.or;
import static downstream.detection.heads.Checks.positive;
import static downstream.detection.heads.Checks.share;

import downstream.detection.layers.LayerFactory;
import downstream.eval.encoder.FineTuning;
import downstream.eval.train.optimiser.Optimiser;
import downstream.eval.train.optimiser.Schedule;
import java.util.List;
import java.util.Optional;

/**
 * Everything of a detection run that may move its score. A field that is absent takes its default,
 * which is stated here; docs/reference/protocols/detection.md gives the reasons.
 *
 * @param mode {@code finetune} trains encoder and head, {@code frozen} the head alone; {@code
 *     finetune}
 * @param labelFraction share of the training images that keep their labels, (0, 1]; 1
 * @param labelSeed draws them; 0
 * @param imageSize side of the square the network sees, pixels; 96
 * @param head the detector: {@code fcos}, {@code faster-rcnn} or {@code mask-rcnn}; {@code fcos}
 * @param optimiser {@code adamw} or {@code sgd}; {@code adamw}
 * @param momentum of {@code sgd}; 0.9
 * @param schedule how the rate falls: {@code cosine} to 0, or by a tenth at each of the {@code
 *     drops}; {@code cosine}
 * @param drops shares of the steps, ascending; none with {@code cosine}
 * @param steps optimiser updates; 300
 * @param batch images per update; 16
 * @param learningRate peak rate for the head; 0.002
 * @param encoderRateScale the encoder's rate in units of the head's; 0.25
 * @param batchNorm {@code batch} trains on the statistics of the batch, {@code frozen} keeps the
 *     encoder's own; {@code frozen} for batches under 16
 * @param freeze stages of the encoder, from the images on, that are not trained; 0
 * @param layerDecay the rate of an encoder's layer in units of the next one's; 1
 * @param weightDecay decoupled under {@code adamw}; not on biases and norms; 0.05
 * @param warmup share of the steps in which the rate rises; 0.1
 * @param clip largest gradient norm, 0 for none; 10
 * @param flip mirror half of the training images; true
 * @param smallestScale a training image is drawn at this share of its fitted size or more; 0.75,
 *     for {@code frozen} 1
 * @param largestScale … and at this share or less, cropped where it does not fit; 1.33, for {@code
 *     frozen} 1: a random crop is in no feature cache
 * @param scaleLaw how that share is drawn: {@code log} or {@code uniform}; {@code log}
 * @param shortSides instead of shares: one of these is the length of a picture's shorter side in
 *     the network's input, pixels, and the largest in prediction; none
 * @param longSide … as far as its longer side stays within this; imageSize
 * @param leastVisible objects of which less than this share is left by the crop are dropped; 0.3
 * @param norm of the layers that are new: {@code none}, {@code batch}, {@code group} or {@code
 *     layer}; {@code group}
 * @param finestStride stride of the finest map of a simple pyramid, input pixels; half the
 *     encoder's for {@code fcos}, 4 for the others
 * @param levels maps of a simple pyramid, each twice the stride of the one before, 2 to 5; an
 *     encoder with several levels has one each; 3 for {@code fcos}, 4 for the others
 * @param width channels of pyramid and heads, a multiple of 8; 64
 * @param towerConvolutions 3×3 convolutions in each of the two towers; 2
 * @param centreRadius cells within this many strides of an object's centre learn it; 1.5
 * @param levelReach the level of stride s learns objects whose farthest side is up to this many
 *     strides away; 4
 * @param focalAlpha weight of positives in the focal loss; 0.25
 * @param focalGamma exponent of the focal loss; 2
 * @param prior probability of an object that the untrained classifier states; 0.01
 * @param scoreThreshold weaker detections are dropped; 0.05
 * @param candidatesPerLevel that go into suppression, per image; 400
 * @param suppressionIou a box that overlaps a stronger one of its class by more is dropped; 0.6,
 *     for heads with regions 0.5
 * @param maxDetections per image; 100
 * @param rpn the region proposal network of {@code faster-rcnn} and {@code mask-rcnn}; dropped for
 *     {@code fcos}
 * @param roi their second stage; dropped for {@code fcos}
 * @param window side in patches of the windows that a transformer of this project attends within,
 *     but for four blocks; 0: everywhere
 * @param departures in which this protocol differs from what it is named for; none
 */
public record DetectionProtocol(
    String mode,
    Double labelFraction,
    Long labelSeed,
    Integer imageSize,
    String head,
    String optimiser,
    Double momentum,
    String schedule,
    List<Double> drops,
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
    Double largestScale,
    String scaleLaw,
    List<Integer> shortSides,
    Integer longSide,
    Double leastVisible,
    String norm,
    Integer finestStride,
    Integer levels,
    Integer width,
    Integer towerConvolutions,
    Double centreRadius,
    Double levelReach,
    Double focalAlpha,
    Double focalGamma,
    Double prior,
    Double scoreThreshold,
    Integer candidatesPerLevel,
    Double suppressionIou,
    Integer maxDetections,
    Optional<RpnSettings> rpn,
    Optional<RoiSettings> roi,
    Integer window,
    List<String> departures) {

  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  public DetectionProtocol {
    mode = or(mode, "finetune");
    labelFraction = or(labelFraction, 1.0);
    labelSeed = or(labelSeed, 0L);
    imageSize = or(imageSize, 96);
    head = or(head, "fcos");
    boolean regions = !head.equals("fcos");
    optimiser = or(optimiser, "adamw");
    momentum = or(momentum, 0.9);
    schedule = or(schedule, "cosine");
    drops = List.copyOf(or(drops, List.of()));
    steps = or(steps, 300);
    batch = or(batch, 16);
    learningRate = or(learningRate, 0.002);
    encoderRateScale = or(encoderRateScale, 0.25);
    batchNorm = or(batchNorm, FineTuning.defaultBatchNorm(mode, batch));
    freeze = or(freeze, 0);
    layerDecay = or(layerDecay, 1.0);
    weightDecay = or(weightDecay, 0.05);
    warmup = or(warmup, 0.1);
    clip = or(clip, 10.0);
    flip = or(flip, true);
    boolean frozen = mode.equals("frozen");
    smallestScale = or(smallestScale, frozen ? 1.0 : 0.75);
    largestScale = or(largestScale, frozen ? 1.0 : 1.33);
    scaleLaw = or(scaleLaw, "log");
    shortSides = List.copyOf(or(shortSides, List.of()));
    longSide = or(longSide, imageSize);
    leastVisible = or(leastVisible, 0.3);
    norm = or(norm, "group");
    finestStride = or(finestStride, regions ? 4 : 0);
    levels = or(levels, regions ? 4 : 3);
    width = or(width, 64);
    towerConvolutions = or(towerConvolutions, 2);
    centreRadius = or(centreRadius, 1.5);
    levelReach = or(levelReach, 4.0);
    focalAlpha = or(focalAlpha, 0.25);
    focalGamma = or(focalGamma, 2.0);
    prior = or(prior, 0.01);
    scoreThreshold = or(scoreThreshold, 0.05);
    candidatesPerLevel = or(candidatesPerLevel, 400);
    suppressionIou = or(suppressionIou, regions ? 0.5 : 0.6);
    maxDetections = or(maxDetections, 100);
    rpn = or(rpn, Optional.empty());
    roi = or(roi, Optional.empty());
    rpn = regions ? Optional.of(rpn.orElseGet(RpnSettings::defaults)) : Optional.empty();
    roi = regions ? Optional.of(roi.orElseGet(RoiSettings::defaults)) : Optional.empty();

    window = or(window, 0);
    departures = List.copyOf(or(departures, List.of()));
    atLeast(window, 0, "window");

    FineTuning.of(mode, batchNorm, freeze, layerDecay);
    check(mode.equals("finetune") || mode.equals("frozen"), "mode", mode, "finetune or frozen");
    check(DetectionHeads.NAMES.contains(head), "head", head, "one of " + DetectionHeads.NAMES);
    check(
        optimiser.equals("adamw") || optimiser.equals("sgd"),
        "optimiser",
        optimiser,
        "adamw or sgd");
    check(momentum >= 0 && momentum < 1, "momentum", momentum, "in [0, 1)");
    boolean falls = schedule.equals("drops");
    check(falls || schedule.equals("cosine"), "schedule", schedule, "cosine or drops");
    check(falls != drops.isEmpty(), "drops", drops, "given with schedule drops, and only then");
    check(labelFraction > 0 && labelFraction <= 1, "labelFraction", labelFraction, "in (0, 1]");
    atLeast(imageSize, 16, "imageSize");
    atLeast(steps, 1, "steps");
    atLeast(batch, 1, "batch");
    positive(learningRate, "learningRate");
    notNegative(encoderRateScale, "encoderRateScale");
    notNegative(weightDecay, "weightDecay");
    share(warmup, "warmup");
    notNegative(clip, "clip");
    positive(smallestScale, "smallestScale");
    check(largestScale >= smallestScale, "largestScale", largestScale, "≥ smallestScale");
    check(
        !frozen || (smallestScale == 1 && largestScale == 1),
        "smallestScale and largestScale",
        smallestScale + ", " + largestScale,
        "1 in mode frozen, whose features are cached by picture");
    check(
        scaleLaw.equals("log") || scaleLaw.equals("uniform"),
        "scaleLaw",
        scaleLaw,
        "log or uniform");
    check(
        shortSides.stream().allMatch(s -> s > 0) && (!frozen || shortSides.size() < 2),
        "shortSides",
        shortSides,
        "numbers > 0; one at most in mode frozen");
    check(longSide > 0 && longSide <= imageSize, "longSide", longSide, "in [1, imageSize]");
    share(leastVisible, "leastVisible");
    check(LayerFactory.NORMS.contains(norm), "norm", norm, "one of " + LayerFactory.NORMS);
    atLeast(finestStride, 0, "finestStride");
    check(levels >= 2 && levels <= 5, "levels", levels, "2 to 5");
    check(width >= 8 && width % 8 == 0, "width", width, "a multiple of 8");
    atLeast(towerConvolutions, 0, "towerConvolutions");
    positive(centreRadius, "centreRadius");
    positive(levelReach, "levelReach");
    share(focalAlpha, "focalAlpha");
    notNegative(focalGamma, "focalGamma");
    check(prior > 0 && prior < 1, "prior", prior, "in (0, 1)");
    share(scoreThreshold, "scoreThreshold");
    atLeast(candidatesPerLevel, 1, "candidatesPerLevel");
    share(suppressionIou, "suppressionIou");
    atLeast(maxDetections, 1, "maxDetections");
  }

  /** How the encoder is trained. */
  public FineTuning tuning() {
    return FineTuning.of(mode, batchNorm, freeze, layerDecay);
  }

  /** Whether the encoder is not trained. */
  public boolean frozen() {
    return mode.equals("frozen");
  }

  /** The rule that moves the weights. */
  public Optimiser rule() {
    return optimiser.equals("sgd")
        ? new Optimiser.Sgd(learningRate, momentum, weightDecay, false)
        : new Optimiser.AdamW(learningRate, weightDecay, 0.9, 0.999);
  }

  /** How its rate moves. */
  public Schedule rates() {
    return schedule.equals("cosine")
        ? Schedule.cosine(warmup)
        : new Schedule(warmup, 0, new Schedule.Drops(drops, 0.1), 1);
  }

  RpnSettings region() {
    return rpn.orElseThrow();
  }

  RoiSettings pooled() {
    return roi.orElseThrow();
  }
}
