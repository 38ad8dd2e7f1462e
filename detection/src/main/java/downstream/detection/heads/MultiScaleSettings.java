package downstream.detection.heads;

import static downstream.eval.Checks.check;
import static downstream.eval.Checks.or;

import downstream.eval.finetune.LetterboxScale;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * Group {@code multiScale} of a detection protocol: COCO's multi-scale training, instead of {@code
 * augmentation.minResizeScale} and {@code maxResizeScale}. The image lies in the upper left corner
 * of the square, whole.
 *
 * @param shortSides lengths of an image's shorter side in the network's input, pixels: training
 *     draws one, prediction takes the largest; none: the longer side fills the square
 * @param maxLongSide limit of the longer side, pixels; imageSize
 */
public record MultiScaleSettings(List<Integer> shortSides, Optional<Integer> maxLongSide) {
  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  public MultiScaleSettings {
    shortSides = List.copyOf(or(shortSides, List.of()));
    maxLongSide = or(maxLongSide, Optional.empty());
    check(
        shortSides.stream().allMatch(side -> side > 0),
        "multiScale.shortSides",
        shortSides,
        "numbers > 0");
  }

  /** Returns these settings with the default limit for a square of this side. */
  MultiScaleSettings forImages(int imageSize, boolean frozen) {
    int limit = maxLongSide.orElse(imageSize);
    check(
        limit > 0 && limit <= imageSize, "multiScale.maxLongSide", limit, "in [1, data.imageSize]");
    check(
        !frozen || shortSides.size() < 2,
        "multiScale.shortSides",
        shortSides,
        "one length at most in mode frozen, whose features are cached by image");
    return new MultiScaleSettings(shortSides, Optional.of(limit));
  }

  /** Tells whether training draws one of several sizes instead of a scale. */
  public boolean isUsed() {
    return !shortSides.isEmpty();
  }

  /** The scale of prediction, and of a frozen encoder's images: that of the largest length. */
  public LetterboxScale prediction(int imageSize) {
    return isUsed() ? scale(imageSize, Collections.max(shortSides)) : LetterboxScale.fit(imageSize);
  }

  /** The scale of a training image: one of the lengths is drawn. */
  public LetterboxScale draw(int imageSize, RandomGenerator random) {
    return scale(imageSize, shortSides.get(random.nextInt(shortSides.size())));
  }

  private LetterboxScale scale(int imageSize, int shortSide) {
    return new LetterboxScale(imageSize, OptionalInt.of(shortSide), maxLongSide.orElse(imageSize));
  }
}
