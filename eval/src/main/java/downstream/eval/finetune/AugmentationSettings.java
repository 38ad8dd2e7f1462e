package downstream.eval.finetune;

import static downstream.eval.Checks.check;
import static downstream.eval.Checks.or;
import static downstream.eval.Checks.positive;

import downstream.eval.data.image.Image;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Group {@code augmentation} of a protocol: how training images are varied. A frozen encoder sees
 * whole images, so that their features can be cached: it allows {@code randomHorizontalFlip} alone.
 *
 * @param randomHorizontalFlip whether training images are mirrored left to right with probability
 *     1/2; true
 * @param minResizeScale smallest random scale of a training image, as a multiple of the size at
 *     which it fits the square; 0.75, in mode {@code frozen} 1
 * @param maxResizeScale largest such scale; what does not fit is cropped; the default is the
 *     task's, in mode {@code frozen} 1
 * @param resizeScaleDistribution how the scale is drawn: {@code uniform} or {@code log-uniform};
 *     {@code uniform}
 * @param photometric whether brightness, contrast, saturation and hue are shifted, each half of the
 *     time; false
 */
public record AugmentationSettings(
    Boolean randomHorizontalFlip,
    Optional<Double> minResizeScale,
    Optional<Double> maxResizeScale,
    ScaleDistribution resizeScaleDistribution,
    Boolean photometric) {
  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  public AugmentationSettings {
    randomHorizontalFlip = or(randomHorizontalFlip, true);
    minResizeScale = or(minResizeScale, Optional.empty());
    maxResizeScale = or(maxResizeScale, Optional.empty());
    resizeScaleDistribution = or(resizeScaleDistribution, ScaleDistribution.UNIFORM);
    photometric = or(photometric, false);
    minResizeScale.ifPresent(scale -> positive(scale, "augmentation.minResizeScale"));
    maxResizeScale.ifPresent(scale -> positive(scale, "augmentation.maxResizeScale"));
  }

  /**
   * Returns these settings with the default scales of a task, or with 1 for a frozen encoder.
   *
   * @throws IllegalArgumentException if the bounds are in the wrong order, or are not 1 for a
   *     frozen encoder
   */
  public AugmentationSettings forMode(EncoderMode mode, double min, double max) {
    boolean frozen = mode == EncoderMode.FROZEN;
    double low = minResizeScale.orElse(frozen ? 1 : min);
    double high = maxResizeScale.orElse(frozen ? 1 : max);
    check(
        high >= low, "augmentation.maxResizeScale", high, "≥ augmentation.minResizeScale, " + low);
    check(
        !frozen || (low == 1 && high == 1),
        "augmentation.minResizeScale and maxResizeScale",
        low + ", " + high,
        "1 in mode frozen, whose features are cached by image");
    check(
        !frozen || !photometric,
        "augmentation.photometric",
        photometric,
        "false in mode frozen, whose features are cached by image");
    return new AugmentationSettings(
        randomHorizontalFlip,
        Optional.of(low),
        Optional.of(high),
        resizeScaleDistribution,
        photometric);
  }

  /** Draws a scale; one draw, whatever the bounds. */
  public double scale(RandomGenerator random) {
    double low = minResizeScale.orElse(1.0);
    double high = maxResizeScale.orElse(1.0);
    double drawn = random.nextDouble();
    return switch (resizeScaleDistribution) {
      case UNIFORM -> low + (high - low) * drawn;
      case LOG_UNIFORM -> Math.exp(Math.log(low) + (Math.log(high) - Math.log(low)) * drawn);
    };
  }

  /** The image with its colours shifted, if these settings say so; draws nothing otherwise. */
  public Image distorted(Image image, RandomGenerator random) {
    return photometric ? PhotometricDistortion.of(image, random) : image;
  }
}
