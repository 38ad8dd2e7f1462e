package downstream.pretrain.settings;

/**
 * Settings of the crops of an image: two large ones, as large as the encoder's input, and some
 * small ones.
 *
 * @param small number of small crops
 * @param smallSize their side in pixels
 * @param minLargeArea smallest large crop as a share of the image
 * @param minSmallArea smallest small crop as a share of the image
 * @param maxSmallArea largest small crop as a share of the image
 */
public record CropSettings(
    int small, int smallSize, double minLargeArea, double minSmallArea, double maxSmallArea) {
  /** Number of large crops. */
  public static final int LARGE = 2;

  public CropSettings {
    SettingsChecks.that(small >= 0, "crops.small must not be negative, not " + small);
    SettingsChecks.positive("crops.smallSize", smallSize);
    SettingsChecks.fraction("crops.minLargeArea", minLargeArea);
    SettingsChecks.fraction("crops.minSmallArea", minSmallArea);
    SettingsChecks.that(
        maxSmallArea >= minSmallArea && maxSmallArea <= 1,
        "crops.maxSmallArea must be in [crops.minSmallArea, 1], not " + maxSmallArea);
  }

  /** Checks that the encoder takes small crops. */
  public void check(EncoderSettings encoder) {
    if (small == 0) {
      return;
    }
    SettingsChecks.anyGrid(encoder);
    SettingsChecks.that(
        !encoder.isVit() || smallSize % encoder.patchSize() == 0,
        "crops.smallSize must be a multiple of encoder.patchSize "
            + encoder.patchSize()
            + ", not "
            + smallSize);
  }

  /** Crops of an image. */
  public int count() {
    return LARGE + small;
  }
}
