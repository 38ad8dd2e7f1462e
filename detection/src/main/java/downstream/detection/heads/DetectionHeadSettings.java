package downstream.detection.heads;

import static downstream.eval.Checks.atLeast;
import static downstream.eval.Checks.check;
import static downstream.eval.Checks.or;

import downstream.detection.layers.NormType;

/**
 * Group {@code head} of a detection protocol: which detector, and the layers that all detectors
 * have.
 *
 * @param type {@code fcos}, {@code faster-rcnn} or {@code mask-rcnn}; {@code fcos}
 * @param norm norm of all new layers, in neck and head: {@code none}, {@code batch}, {@code group}
 *     or {@code layer}; {@code group}
 * @param width channels of pyramid and head, a multiple of 8; 64
 * @param minStride stride of the finest map of a simple pyramid, input pixels; 4, for {@code fcos}
 *     0: half the encoder's
 * @param levels maps of a simple pyramid, each of twice the stride of the one before, 2 to 5; 4,
 *     for {@code fcos} 3. An encoder with several feature levels has a map for each
 */
public record DetectionHeadSettings(
    DetectionHeadType type, NormType norm, Integer width, Integer minStride, Integer levels) {
  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  public DetectionHeadSettings {
    type = or(type, DetectionHeadType.FCOS);
    norm = or(norm, NormType.GROUP);
    width = or(width, 64);
    minStride = or(minStride, type.hasRegions() ? 4 : 0);
    levels = or(levels, type.hasRegions() ? 4 : 3);
    check(width >= 8 && width % 8 == 0, "head.width", width, "a multiple of 8");
    atLeast(minStride, type.hasRegions() ? 1 : 0, "head.minStride");
    check(levels >= 2 && levels <= 5, "head.levels", levels, "2 to 5");
  }
}
