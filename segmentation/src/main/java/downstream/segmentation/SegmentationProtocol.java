package downstream.segmentation;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Set;

/**
 * Everything of a segmentation run that may move its score. docs/protocols/segmentation.md gives
 * the reason of every field.
 *
 * @param mode {@code finetune} trains encoder and head, {@code frozen} the head alone
 * @param labelFraction share of the training pictures that is used, in (0, 1]
 * @param labelSeed draws that share
 * @param imageSize side of the square the encoder sees, in pixels; a picture's longer side becomes
 *     this at scale 1
 * @param head {@code linear} or {@code fcn}
 * @param headWidth channels of the head's hidden layers; {@code linear} has none and wants 0
 * @param steps optimiser updates
 * @param batch pictures per update
 * @param learningRate peak rate of the head
 * @param encoderRateScale multiplies the rate for the encoder's weights
 * @param weightDecay decoupled, not on biases and norms
 * @param warmup share of the steps in which the rate rises
 * @param clip largest global gradient norm; 0 for none
 * @param flip whether half of the training pictures are mirrored
 * @param scaleMin smallest random scale of a training picture, relative to fitting the square
 * @param scaleMax largest; {@code frozen} wants 1 and 1, for a random crop is in no feature cache
 */
record SegmentationProtocol(
    String mode,
    double labelFraction,
    @JsonProperty(required = true) long labelSeed,
    int imageSize,
    String head,
    @JsonProperty(required = true) int headWidth,
    int steps,
    int batch,
    double learningRate,
    @JsonProperty(required = true) double encoderRateScale,
    @JsonProperty(required = true) double weightDecay,
    @JsonProperty(required = true) double warmup,
    @JsonProperty(required = true) double clip,
    @JsonProperty(required = true) boolean flip,
    double scaleMin,
    double scaleMax) {

  SegmentationProtocol {
    check(
        Set.of("finetune", "frozen").contains(String.valueOf(mode)),
        "mode must be 'finetune' or 'frozen', not '" + mode + "'");
    check(
        Heads.NAMES.contains(String.valueOf(head)),
        "head must be one of " + Heads.NAMES + ", not '" + head + "'");
    check(
        labelFraction > 0 && labelFraction <= 1,
        "labelFraction must be in (0, 1], not " + labelFraction);
    check(imageSize > 0, "imageSize must be positive, not " + imageSize);
    check(steps > 0 && batch > 0, "steps and batch must be positive, not " + steps + ", " + batch);
    check(
        head.equals("linear") ? headWidth == 0 : headWidth > 0,
        "headWidth must be 0 for linear and positive otherwise, not " + headWidth);
    check(learningRate > 0, "learningRate must be positive, not " + learningRate);
    check(encoderRateScale >= 0, "encoderRateScale must not be negative: " + encoderRateScale);
    check(weightDecay >= 0, "weightDecay must not be negative: " + weightDecay);
    check(warmup >= 0 && warmup < 1, "warmup must be in [0, 1), not " + warmup);
    check(clip >= 0, "clip must not be negative: " + clip);
    check(
        scaleMin > 0 && scaleMin <= scaleMax,
        "scaleMin and scaleMax must be positive and in order, not " + scaleMin + ", " + scaleMax);
    check(
        mode.equals("finetune") || (scaleMin == 1 && scaleMax == 1),
        "mode frozen caches features by picture: scaleMin and scaleMax must be 1, not "
            + scaleMin
            + ", "
            + scaleMax);
  }

  private static void check(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }

  boolean frozen() {
    return mode.equals("frozen");
  }
}
