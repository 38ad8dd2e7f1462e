package downstream.pretrain.method.ioca;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import downstream.pretrain.masks.HiddenPixels;
import downstream.pretrain.masks.KeptPixels;
import downstream.pretrain.masks.MaskRatios;
import downstream.pretrain.model.MaskedError;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.SettingsChecks;

/**
 * Settings of the views and the reconstruction of regions in IOCA's second stage.
 *
 * @param input what the encoder sees
 * @param augmentation augmentation of regions
 * @param draws how the region that is reconstructed and the one that predicts are drawn
 * @param maskUnitPatches side of a mask unit in patches, 1 or 2
 * @param unitMaskRatio α, share of the units in which pixels are masked
 * @param pixelMaskRatio β, share of the pixels masked in such a unit; 0.8 and 0.75 mask 0.6 of a
 *     region, as do 0.6 and 1, which mask whole units; RingMo's code has 0.6 and 0.6. With blocks
 *     kept, only the product counts
 * @param hidden what is left of a masked unit
 * @param decoder decoder of the masked pixels
 * @param error error of the masked pixels: squared as MAE's, or absolute as the proposal's
 * @param normPix whether each patch of the target is standardised by itself, as MAE's
 * @param reconstructionWeight of the reconstruction within the object loss; 0 switches it off
 */
record ObjectSettings(
    Input input,
    Augmentation augmentation,
    Draws draws,
    int maskUnitPatches,
    double unitMaskRatio,
    double pixelMaskRatio,
    HiddenPixels hidden,
    Decoder decoder,
    MaskedError error,
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

  /** Ways to draw the region that is reconstructed and the one that predicts its partner. */
  enum Draws {
    /**
     * One region of all that were kept, in one pass through the encoder: it is reconstructed, and
     * if it has a partner it predicts that.
     */
    @JsonProperty("one")
    ONE,
    /** A region of all that were kept, and a pair: two passes. */
    @JsonProperty("two")
    TWO
  }

  /** Decoders of masked pixels. */
  enum Decoder {
    /** Stage 1's, trained further: it keeps pixels away from the encoder's last block. */
    @JsonProperty("stage1")
    STAGE_1,
    /** A linear layer that starts from random weights, as SimMIM's and RingMo's. */
    @JsonProperty("linear")
    LINEAR
  }

  /** One draw, masks that keep a block, a standardised target, stage 1's decoder and error. */
  static final ObjectSettings DEFAULTS =
      new ObjectSettings(
          Input.CROP,
          Augmentation.IOCA,
          Draws.ONE,
          2,
          .8,
          .75,
          HiddenPixels.BLOCKS,
          Decoder.STAGE_1,
          MaskedError.SQUARED,
          true,
          .3);

  ObjectSettings {
    SettingsChecks.positive("object.maskUnitPatches", maskUnitPatches);
    new MaskRatios(unitMaskRatio, pixelMaskRatio); // checks them
    SettingsChecks.that(
        reconstructionWeight >= 0,
        "object.reconstructionWeight must not be negative: " + reconstructionWeight);
  }

  /** Tells whether one region is both reconstructed and predicts its partner. */
  @JsonIgnore
  boolean oneDraw() {
    return draws == Draws.ONE;
  }

  /** Side of a mask unit in pixels. */
  int maskUnitPixels(EncoderSettings encoder) {
    return maskUnitPatches * encoder.patchSize();
  }

  /** Both ratios. */
  MaskRatios maskRatios() {
    return new MaskRatios(unitMaskRatio, pixelMaskRatio);
  }

  /** Pixels kept in a masked unit. */
  KeptPixels keptPixels(EncoderSettings encoder) {
    return hidden.keptPixels(encoder.patchSize());
  }
}
