package downstream.pretrain.method.ioca;

import com.fasterxml.jackson.annotation.JsonProperty;
import downstream.pretrain.method.MaeSettings;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.DecoderSettings;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.MiningSettings;
import downstream.pretrain.settings.Presets;
import downstream.pretrain.settings.SettingsChecks;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.settings.TrainingSettings.RateSchedule;
import downstream.pretrain.settings.TrainingSettings.UpdateRule;
import java.util.Map;
import java.util.Optional;

/**
 * Settings of {@link Ioca}.
 *
 * @param decoder the decoder of the image reconstruction, in both stages
 * @param maskRatio share of an image's tokens removed, in both stages
 * @param normPix whether each patch of the image target is standardised by itself
 * @param minCropArea smallest crop of an image as a share of it
 * @param imageMaskGuide regions whose tokens stage 2 removes first from an image
 * @param object settings of the views and the reconstruction of regions
 * @param contrast settings of the loss between the regions of a pair
 * @param mining settings of the search for regions and pairs
 * @param imageWeight λ1 of the image reconstruction; 0 switches it off
 * @param objectWeight λ2 of both object losses; 0 switches them off
 * @param regionsShareImageEncoder whether images and regions go through one encoder; else each has
 *     its own, trained by its own loss, and the regions' is exported
 * @param initFrom initial weights of stage 2
 * @param stage1BudgetFraction share of the budget for stage 1, the masked autoencoder
 * @param stage1Encoder file of an encoder in place of stage 1
 * @param pairsFile file of mined pairs in place of the mining
 * @param stage2 learning rates of stage 2
 * @param training settings of the training of both stages
 */
public record IocaSettings(
    EncoderSettings encoder,
    DecoderSettings decoder,
    double maskRatio,
    boolean normPix,
    double minCropArea,
    ImageMaskGuide imageMaskGuide,
    ObjectSettings object,
    ContrastSettings contrast,
    MiningSettings mining,
    double imageWeight,
    double objectWeight,
    boolean regionsShareImageEncoder,
    InitFrom initFrom,
    double stage1BudgetFraction,
    Optional<String> stage1Encoder,
    Optional<String> pairsFile,
    Stage2Settings stage2,
    TrainingSettings training,
    Budget budget) {
  /** Regions whose tokens stage 2 removes first from a whole image, the ratio kept. */
  enum ImageMaskGuide {
    /** The one region that is drawn with the image: the others can be seen. */
    @JsonProperty("drawn")
    DRAWN,
    /** All regions of the image: where they cover it, the mask is a random one. */
    @JsonProperty("union")
    UNION,
    /** No region: random tokens. */
    @JsonProperty("none")
    NONE
  }

  /** Initial weights of stage 2. */
  enum InitFrom {
    /** The weights of stage 1. */
    @JsonProperty("stage1")
    STAGE_1,
    /** Random weights, as ORL's last stage. */
    @JsonProperty("scratch")
    SCRATCH
  }

  /** The rate was chosen by trial: at 0.004 the contrast undoes what stage 1 learned. */
  public static final IocaSettings SMALL =
      of(
          EncoderSettings.SMALL,
          DecoderSettings.SMALL,
          TrainingSettings.adamW(64, 1e-3),
          Presets.SMALL_BUDGET);

  /** Settings with MAE's recipe and size; no paper has trained this method yet. */
  static final IocaSettings PAPER =
      of(
          EncoderSettings.VIT_BASE,
          DecoderSettings.PAPER,
          new TrainingSettings(
              4096, UpdateRule.ADAMW, 1.5e-4, .05, .9, .95, .9, RateSchedule.COSINE, .05, 0, 0),
          Budget.epochs(800));

  static final Map<String, Record> PRESETS =
      Presets.of(
          of(
              EncoderSettings.SMOKE,
              new DecoderSettings(16, 1, 2),
              TrainingSettings.adamW(8, 1e-3),
              Presets.SMOKE_BUDGET),
          SMALL,
          PAPER);

  private static IocaSettings of(
      EncoderSettings encoder, DecoderSettings decoder, TrainingSettings training, Budget budget) {
    return new IocaSettings(
        encoder,
        decoder,
        .75,
        true,
        .2,
        ImageMaskGuide.UNION,
        ObjectSettings.DEFAULTS,
        ContrastSettings.DEFAULTS,
        MiningSettings.DEFAULTS,
        1,
        1,
        true,
        InitFrom.STAGE_1,
        .5,
        Optional.empty(),
        Optional.empty(),
        Stage2Settings.DEFAULTS,
        training,
        budget);
  }

  public IocaSettings {
    SettingsChecks.vit(encoder);
    SettingsChecks.stages(stage1BudgetFraction, stage1Encoder, pairsFile);
    SettingsChecks.batchNorm(training);
    SettingsChecks.maskUnit(object.maskUnitPixels(encoder), encoder);
    object.keptPixels(encoder).maskedUnits(object.maskRatios()); // checks that it is possible
    SettingsChecks.that(
        object.decoder() == ObjectSettings.Decoder.LINEAR || object.normPix() == normPix,
        "object.normPix must be normPix, "
            + normPix
            + ", where stage 1's decoder goes on: set both, or object.decoder=linear");
    SettingsChecks.weights("imageWeight", imageWeight, "objectWeight", objectWeight);
    mae(encoder, decoder, maskRatio, normPix, minCropArea, training, budget); // checks them
  }

  boolean hasImageLoss() {
    return imageWeight > 0;
  }

  boolean hasReconstruction() {
    return objectWeight * object.reconstructionWeight() > 0;
  }

  boolean hasContrast() {
    return objectWeight * contrast.weight() > 0;
  }

  boolean hasObjectLoss() {
    return hasReconstruction() || hasContrast();
  }

  /** Tells whether regions are reconstructed by stage 1's decoder. */
  boolean reconstructsByStage1() {
    return hasReconstruction() && object.decoder() == ObjectSettings.Decoder.STAGE_1;
  }

  /** Stage 1, and the image reconstruction of stage 2. */
  MaeSettings stage1Settings() {
    return mae(
        encoder,
        decoder,
        maskRatio,
        normPix,
        minCropArea,
        training,
        budget.fraction(stage1BudgetFraction));
  }

  private static MaeSettings mae(
      EncoderSettings encoder,
      DecoderSettings decoder,
      double maskRatio,
      boolean normPix,
      double minCropArea,
      TrainingSettings training,
      Budget budget) {
    return new MaeSettings(encoder, decoder, maskRatio, normPix, minCropArea, training, budget);
  }
}
