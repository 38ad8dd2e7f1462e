package downstream.pretrain.method;

import downstream.eval.encoder.build.InitialWeights;
import downstream.pretrain.masks.HiddenPixels;
import downstream.pretrain.masks.KeptPixels;
import downstream.pretrain.masks.MaskRatios;
import downstream.pretrain.settings.BlockSettings;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.Presets;
import downstream.pretrain.settings.SettingsChecks;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.settings.TrainingSettings.RateSchedule;
import downstream.pretrain.settings.TrainingSettings.UpdateRule;
import java.util.Map;

/**
 * Settings of {@link PiMask}.
 *
 * @param maskUnitPixels side of a mask unit in pixels (RingMo: 32 of 224)
 * @param unitMaskRatio α, share of the units in which pixels are masked (RingMo: 0.6)
 * @param pixelMaskRatio β, share of the pixels masked in such a unit (RingMo: 0.6, so that 0.36 of
 *     an image is masked); with blocks kept, only the product of both counts
 * @param hidden what is left of a masked unit (RingMo: scattered pixels, the others 0)
 * @param normPix whether each patch of the target is standardised by itself (RingMo: no)
 * @param minCropArea smallest crop as a share of the image (RingMo: 0.67)
 * @param dropPath share of the images for which a branch of a ViT's last block is left out (RingMo:
 *     0.1)
 */
record PiMaskSettings(
    EncoderSettings encoder,
    int maskUnitPixels,
    double unitMaskRatio,
    double pixelMaskRatio,
    HiddenPixels hidden,
    boolean normPix,
    double minCropArea,
    double dropPath,
    TrainingSettings training,
    Budget budget) {
  static final PiMaskSettings SMALL =
      new PiMaskSettings(
          EncoderSettings.SMALL,
          16,
          .6,
          .6,
          HiddenPixels.RINGMO,
          false,
          .67,
          0,
          TrainingSettings.adamW(64, 4e-3).withBeta2(.999).clipped(5),
          Presets.SMALL_BUDGET);

  /**
   * RingMo's: ViT-B/16 at 224 px whose patches are embedded by convolutions, 200 epochs, 1e-4 for a
   * batch of 512, warm-up of 20 epochs from 5e-7, and down to it.
   */
  static final PiMaskSettings PAPER =
      new PiMaskSettings(
          EncoderSettings.VIT_BASE
              .withPiConv()
              .withBlocks(BlockSettings.SIMMIM)
              .orInitialWeights(InitialWeights.SIMMIM),
          32,
          .6,
          .6,
          HiddenPixels.RINGMO,
          false,
          .67,
          .1,
          new TrainingSettings(
                  1024, UpdateRule.ADAMW, 5e-5, .05, .9, .999, .9, RateSchedule.COSINE, .1, .005, 5)
              .withFloor(.005),
          Budget.epochs(200));

  static final Map<String, Record> PRESETS =
      Presets.of(
          new PiMaskSettings(
              EncoderSettings.SMOKE,
              8,
              .6,
              .6,
              HiddenPixels.RINGMO,
              false,
              .67,
              0,
              TrainingSettings.adamW(8, 4e-3).withBeta2(.999).clipped(5),
              Presets.SMOKE_BUDGET),
          SMALL,
          PAPER);

  PiMaskSettings {
    SettingsChecks.transformer(encoder);
    SettingsChecks.fraction("minCropArea", minCropArea);
    SettingsChecks.dropPath(dropPath, encoder);
    SettingsChecks.maskUnit(maskUnitPixels, encoder);
    hidden
        .keptPixels(encoder.patch())
        .maskedUnits(new MaskRatios(unitMaskRatio, pixelMaskRatio)); // checks that it is possible
  }

  /** Pixels kept in a masked unit. */
  KeptPixels keptPixels() {
    return hidden.keptPixels(encoder.patch());
  }

  /** Both ratios. */
  MaskRatios maskRatios() {
    return new MaskRatios(unitMaskRatio, pixelMaskRatio);
  }
}
