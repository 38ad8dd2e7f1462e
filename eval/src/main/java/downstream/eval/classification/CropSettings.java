package downstream.eval.classification;

import downstream.eval.Json;

/**
 * How examples are cut out of images.
 *
 * @param margin context on every side of a box, as a fraction of its longer side; 0.1. An image
 *     that is one object has none
 * @param minSide shorter side in pixels below which a box is left out; 8
 */
record CropSettings(Double margin, Integer minSide) {
  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  CropSettings {
    margin = Settings.or(margin, 0.1);
    minSide = Settings.or(minSide, 8);
    Settings.check(margin >= 0 && margin <= 2, "crops.margin", margin, "in [0, 2]");
    Settings.check(minSide >= 1, "crops.minSide", minSide, "1 or more");
  }

  /** Every field at its default. */
  static CropSettings defaults() {
    return Json.as("crops", Json.MAPPER.createObjectNode(), CropSettings.class);
  }
}
