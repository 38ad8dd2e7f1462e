package downstream.segmentation;

import static downstream.eval.Checks.check;
import static downstream.eval.Checks.or;

import downstream.eval.finetune.EncoderMode;
import java.util.Optional;

/**
 * Group {@code inference} of a segmentation protocol.
 *
 * @param mode {@code whole} sees each image once, its longer side imageSize; {@code slide} in
 *     windows of imageSize, its shorter side imageSize; {@code whole}
 * @param slidingStride pixels between windows; half of imageSize, in mode {@code whole} 0
 */
record SegmentationInference(InferenceMode mode, Optional<Integer> slidingStride) {
  /** Fills in defaults. */
  SegmentationInference {
    mode = or(mode, InferenceMode.WHOLE);
    slidingStride = or(slidingStride, Optional.empty());
  }

  /**
   * Returns these settings with the default stride for a square of this side.
   *
   * @throws IllegalArgumentException naming the first field that cannot be used
   */
  SegmentationInference forImages(int imageSize, EncoderMode encoder) {
    check(
        !slides() || encoder == EncoderMode.FINETUNE,
        "inference.mode",
        "slide",
        "whole for a frozen encoder, whose features are cached by image");
    int stride = slidingStride.orElse(slides() ? Math.max(1, imageSize / 2) : 0);
    check(
        slides() ? stride > 0 && stride <= imageSize : stride == 0,
        "inference.slidingStride",
        stride,
        "in [1, data.imageSize] in mode slide, 0 in mode whole");
    return new SegmentationInference(mode, Optional.of(stride));
  }

  boolean slides() {
    return mode == InferenceMode.SLIDE;
  }

  /** {@code slidingStride}, once the image size is known. */
  int stride() {
    return slidingStride.orElseThrow();
  }
}
