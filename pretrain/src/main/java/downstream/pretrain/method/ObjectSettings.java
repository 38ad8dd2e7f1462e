package downstream.pretrain.method;

import com.fasterxml.jackson.annotation.JsonProperty;
import downstream.pretrain.masks.MaskRatios;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.SettingsChecks;

/**
 * How IOCA's second stage shows regions and reconstructs them.
 *
 * @param input what the encoder is shown
 * @param augmentation of regions
 * @param unitPatches side of a mask unit in patches, 1 or 2
 * @param hidden α, share of the units that are masked, and β, share of the pixels hidden in them;
 *     0.8 and 0.75 hide 0.6 of a region, as do 0.6 and 1 without PIMask; RingMo's code has 0.6, 0.6
 * @param target what is painted
 * @param reconstructionWeight of the reconstruction within the object loss; 0 switches it off
 */
record ObjectSettings(
    Input input,
    Augmentation augmentation,
    int unitPatches,
    MaskRatios hidden,
    Target target,
    double reconstructionWeight) {
  /** What the encoder is shown of a region. */
  enum Input {
    /** The region, cut out and resized to the encoder's input. */
    @JsonProperty("crop")
    CROP,
    /** The whole image, units masked inside the region alone. */
    @JsonProperty("in-image")
    IN_IMAGE
  }

  /** What is done to regions. */
  enum Augmentation {
    /** Jittered box, flip, colour jitter, grayscale. */
    @JsonProperty("ioca")
    IOCA,
    /** ORL's: flip, colour jitter, grayscale, blur, solarise. */
    @JsonProperty("orl")
    ORL
  }

  /** What is painted. */
  enum Target {
    /** Normalised pixels. */
    @JsonProperty("raw")
    RAW,
    /** Each patch standardised by itself, as MAE's. */
    @JsonProperty("norm-pix")
    NORM_PIX
  }

  static final ObjectSettings DEFAULTS =
      new ObjectSettings(Input.CROP, Augmentation.IOCA, 2, MaskRatios.IOCA, Target.RAW, 1);

  ObjectSettings {
    SettingsChecks.positive("object.unitPatches", unitPatches);
    SettingsChecks.that(
        reconstructionWeight >= 0,
        "object.reconstructionWeight must not be negative: " + reconstructionWeight);
  }

  /** Side of a mask unit in pixels. */
  int unit(EncoderSettings encoder) {
    return unitPatches * encoder.patch();
  }
}
