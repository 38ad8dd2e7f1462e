package downstream.eval.finetune;

import static downstream.eval.Checks.check;
import static downstream.eval.Checks.or;
import static downstream.eval.Checks.positive;

import downstream.eval.data.image.Image;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Group {@code augmentation} of a protocol: how training images are varied. A frozen encoder sees
 * whole images, so that their features can be cached: it allows {@code flip} alone.
 *
 * @param flip whether half of the training images are mirrored; true
 * @param minScale smallest scale at which a training image is drawn, as a multiple of the size at
 *     which it fits the square; 0.75, in mode {@code frozen} 1
 * @param maxScale largest such scale; what does not fit is cropped; the default is the task's, in
 *     mode {@code frozen} 1
 * @param scaleDistribution how the scale is drawn: {@code uniform} or {@code log-uniform}; {@code
 *     uniform}
 * @param photometric whether brightness, contrast, saturation and hue are shifted, each half of the
 *     time; false
 */
public record AugmentationSettings(
    Boolean flip,
    Optional<Double> minScale,
    Optional<Double> maxScale,
    ScaleDistribution scaleDistribution,
    Boolean photometric) {
  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  public AugmentationSettings {
    flip = or(flip, true);
    minScale = or(minScale, Optional.empty());
    maxScale = or(maxScale, Optional.empty());
    scaleDistribution = or(scaleDistribution, ScaleDistribution.UNIFORM);
    photometric = or(photometric, false);
    minScale.ifPresent(scale -> positive(scale, "augmentation.minScale"));
    maxScale.ifPresent(scale -> positive(scale, "augmentation.maxScale"));
  }

  /**
   * Returns these settings with the default scales of a task, or with 1 for a frozen encoder.
   *
   * @throws IllegalArgumentException if the bounds are in the wrong order, or are not 1 for a
   *     frozen encoder
   */
  public AugmentationSettings forMode(EncoderMode mode, double min, double max) {
    boolean frozen = mode == EncoderMode.FROZEN;
    double low = minScale.orElse(frozen ? 1 : min);
    double high = maxScale.orElse(frozen ? 1 : max);
    check(high >= low, "augmentation.maxScale", high, "≥ augmentation.minScale, " + low);
    check(
        !frozen || (low == 1 && high == 1),
        "augmentation.minScale and maxScale",
        low + ", " + high,
        "1 in mode frozen, whose features are cached by image");
    check(
        !frozen || !photometric,
        "augmentation.photometric",
        photometric,
        "false in mode frozen, whose features are cached by image");
    return new AugmentationSettings(
        flip, Optional.of(low), Optional.of(high), scaleDistribution, photometric);
  }

  /** Draws a scale; one draw, whatever the bounds. */
  public double scale(RandomGenerator random) {
    double low = minScale.orElse(1.0);
    double high = maxScale.orElse(1.0);
    double drawn = random.nextDouble();
    return switch (scaleDistribution) {
      case UNIFORM -> low + (high - low) * drawn;
      case LOG_UNIFORM -> Math.exp(Math.log(low) + (Math.log(high) - Math.log(low)) * drawn);
    };
  }

  /** The image with its colours shifted, if these settings say so; draws nothing otherwise. */
  public Image distorted(Image image, RandomGenerator random) {
    return photometric ? PhotometricDistortion.of(image, random) : image;
  }
}
