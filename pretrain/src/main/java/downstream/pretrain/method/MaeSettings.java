package downstream.pretrain.method;

import downstream.pretrain.masks.RandomMask;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.DecoderSettings;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.Presets;
import downstream.pretrain.settings.SettingsChecks;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.settings.TrainingSettings.RateSchedule;
import downstream.pretrain.settings.TrainingSettings.UpdateRule;
import java.util.Map;

/**
 * Settings of {@link Mae}.
 *
 * @param maskRatio share of the tokens removed (paper: 0.75)
 * @param normPix whether each patch of the target is standardised by itself (paper: yes)
 * @param minCropArea smallest crop as a share of the image (paper: 0.2)
 */
public record MaeSettings(
    EncoderSettings encoder,
    DecoderSettings decoder,
    double maskRatio,
    boolean normPix,
    double minCropArea,
    TrainingSettings training,
    Budget budget) {
  /** The paper's base rate is far too low for few small batches. */
  static final MaeSettings SMALL =
      new MaeSettings(
          EncoderSettings.SMALL,
          DecoderSettings.SMALL,
          .75,
          true,
          .2,
          TrainingSettings.adamW(64, 4e-3),
          Presets.SMALL_BUDGET);

  /** He et al. 2022: ViT-B/16, 800 epochs, batch 4096, warm-up of 40 epochs. */
  static final MaeSettings PAPER =
      new MaeSettings(
          EncoderSettings.VIT_BASE,
          DecoderSettings.PAPER,
          .75,
          true,
          .2,
          new TrainingSettings(
              4096, UpdateRule.ADAMW, 1.5e-4, .05, .9, .95, .9, RateSchedule.COSINE, .05, 0, 0),
          Budget.epochs(800));

  static final Map<String, Record> PRESETS =
      Presets.of(
          new MaeSettings(
              EncoderSettings.SMOKE,
              DecoderSettings.SMOKE,
              .75,
              true,
              .2,
              TrainingSettings.adamW(8, 4e-3),
              Presets.SMOKE_BUDGET),
          SMALL,
          PAPER);

  public MaeSettings {
    SettingsChecks.fraction("minCropArea", minCropArea);
    SettingsChecks.vit(encoder);
    int tokens = encoder.tokens();
    SettingsChecks.that(
        maskRatio > 0 && RandomMask.visible(tokens, maskRatio) > 0,
        "maskRatio must hide some of the " + tokens + " tokens and not all: " + maskRatio);
  }

  /** V, how many tokens the encoder sees. */
  int visible() {
    return RandomMask.visible(encoder.tokens(), maskRatio);
  }
}
