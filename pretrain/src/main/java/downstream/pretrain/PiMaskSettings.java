package downstream.pretrain;

import downstream.pretrain.TrainingSettings.Course;
import downstream.pretrain.TrainingSettings.Rule;
import downstream.pretrain.masks.PixelShares;
import java.util.Map;

/**
 * Settings of {@link PiMask}.
 *
 * @param unit side of a mask unit in pixels (RingMo: 32 of 224)
 * @param hidden α, share of the units that are masked, and β, share of the pixels hidden in them
 *     (RingMo: 0.6 and 0.6, which hide 0.36 of an image)
 * @param minCropArea smallest crop as a share of the image (RingMo: 0.67)
 */
record PiMaskSettings(
    EncoderSettings encoder,
    int unit,
    PixelShares hidden,
    double minCropArea,
    TrainingSettings training,
    Budget budget) {
  static final PiMaskSettings SMALL =
      new PiMaskSettings(
          EncoderSettings.SMALL,
          16,
          PixelShares.RINGMO,
          .67,
          TrainingSettings.adamW(64, 4e-3).clipped(5),
          Presets.SMALL_BUDGET);

  /** RingMo's: ViT-B/16 at 224 px, 200 epochs, 1e-4 for a batch of 512, warm-up of 20 epochs. */
  static final PiMaskSettings PAPER =
      new PiMaskSettings(
          EncoderSettings.VIT_BASE,
          32,
          PixelShares.RINGMO,
          .67,
          new TrainingSettings(
              1024, Rule.ADAMW, 5e-5, .05, .9, .999, .9, Course.COSINE, .1, .0025, 5),
          Budget.epochs(200));

  static final Map<String, Record> PRESETS =
      Presets.of(
          new PiMaskSettings(
              EncoderSettings.SMOKE,
              8,
              PixelShares.RINGMO,
              .67,
              TrainingSettings.adamW(8, 4e-3).clipped(5),
              Presets.SMOKE_BUDGET),
          SMALL,
          PAPER);

  PiMaskSettings {
    Check.transformer(encoder);
    Check.share("minCropArea", minCropArea);
    Check.unit(unit, encoder);
  }
}
