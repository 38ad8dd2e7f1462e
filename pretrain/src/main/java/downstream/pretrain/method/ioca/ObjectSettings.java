package downstream.pretrain.method.ioca;

import com.fasterxml.jackson.annotation.JsonProperty;
import downstream.pretrain.masks.MaskRatios;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.SettingsChecks;

/**
 * Settings of the views and the reconstruction of regions in IOCA's second stage.
 *
 * @param input what the encoder sees
 * @param augmentation augmentation of regions
 * @param maskUnitPatches side of a mask unit in patches, 1 or 2
 * @param unitMaskRatio α, share of the units in which pixels are masked
 * @param pixelMaskRatio β, share of the pixels masked in such a unit; 0.8 and 0.75 mask 0.6 of a
 *     region, as do 0.6 and 1, which mask whole units; RingMo's code has 0.6 and 0.6
 * @param normPix whether each patch of the target is standardised by itself, as MAE's
 * @param reconstructionWeight of the reconstruction within the object loss; 0 switches it off
 */
record ObjectSettings(
    Input input,
    Augmentation augmentation,
    int maskUnitPatches,
    double unitMaskRatio,
    double pixelMaskRatio,
    boolean normPix,
    double reconstructionWeight) {
  /** View of a region that the encoder gets. */
  enum Input {
    /** The region, cut out and resized to the encoder's input. */
    @JsonProperty("crop")
    CROP,
    /** The whole image, units masked inside the region alone. */
    @JsonProperty("in-image")
    IN_IMAGE
  }

  /** Augmentations of regions. */
  enum Augmentation {
    /** Jittered box, flip, colour jitter, grayscale. */
    @JsonProperty("ioca")
    IOCA,
    /** ORL's: flip, colour jitter, grayscale, blur, solarise. */
    @JsonProperty("orl")
    ORL
  }

  static final ObjectSettings DEFAULTS =
      new ObjectSettings(Input.CROP, Augmentation.IOCA, 2, .8, .75, false, 1);

  ObjectSettings {
    SettingsChecks.positive("object.maskUnitPatches", maskUnitPatches);
    new MaskRatios(unitMaskRatio, pixelMaskRatio); // checks them
    SettingsChecks.that(
        reconstructionWeight >= 0,
        "object.reconstructionWeight must not be negative: " + reconstructionWeight);
  }

  /** Side of a mask unit in pixels. */
  int maskUnitPixels(EncoderSettings encoder) {
    return maskUnitPatches * encoder.patchSize();
  }

  /** Both ratios. */
  MaskRatios maskRatios() {
    return new MaskRatios(unitMaskRatio, pixelMaskRatio);
  }
}
