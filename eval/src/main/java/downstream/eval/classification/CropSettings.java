package downstream.eval.classification;

import static downstream.eval.Checks.atLeast;
import static downstream.eval.Checks.check;
import static downstream.eval.Checks.or;

/**
 * Group {@code crops} of a protocol: how examples are cut out of images.
 *
 * @param marginOfLongerSide context on every side of a box, as a fraction of its longer side, [0,
 *     2]; 0.1. An image that is one object has none
 * @param minSide shorter side in pixels below which a box is left out; 8
 */
record CropSettings(Double marginOfLongerSide, Integer minSide) {
  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  CropSettings {
    marginOfLongerSide = or(marginOfLongerSide, 0.1);
    minSide = or(minSide, 8);
    check(
        marginOfLongerSide >= 0 && marginOfLongerSide <= 2,
        "crops.marginOfLongerSide",
        marginOfLongerSide,
        "in [0, 2]");
    atLeast(minSide, 1, "crops.minSide");
  }
}
