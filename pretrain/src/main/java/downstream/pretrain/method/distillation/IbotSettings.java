package downstream.pretrain.method.distillation;

import downstream.eval.encoder.build.InitialWeights;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.CropSettings;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.Network;
import downstream.pretrain.settings.Presets;
import downstream.pretrain.settings.SettingsChecks;
import downstream.pretrain.settings.TrainingSettings;
import java.util.Map;

/**
 * Settings of {@link Ibot}.
 *
 * @param crops of an image (paper: ten small ones of 96 pixels)
 * @param mask of large crops, as the student sees them
 * @param patchTemperature what the teacher's scores of patches are divided by, after the warm-up
 *     (paper: 0.07)
 * @param studentTemperature what the student's scores are divided by (paper: 0.1)
 * @param imageWeight weight of the loss of class tokens (paper: 1)
 * @param patchWeight weight of the loss of masked patches (paper: 1)
 * @param dropPath share of the images for which a branch of the student's last block is left out
 *     (paper: 0.1)
 */
record IbotSettings(
    EncoderSettings encoder,
    CropSettings crops,
    MaskSettings mask,
    HeadSettings head,
    TeacherSettings teacher,
    double patchTemperature,
    double studentTemperature,
    double imageWeight,
    double patchWeight,
    double dropPath,
    TrainingSettings training,
    Budget budget) {
  /** A small transformer; the paper's recipe at its size. */
  static final IbotSettings SMALL =
      of(
          DinoSettings.SMALL.encoder(),
          DinoSettings.SMALL.crops(),
          DinoSettings.SMALL.head(),
          DinoSettings.SMALL.teacher(),
          DinoSettings.SMALL.training(),
          Presets.SMALL_BUDGET);

  /** Zhou et al. 2022: ViT-S/16, AdamW, batch 1024, 800 epochs, of which 10 to warm up. */
  static final IbotSettings PAPER =
      new IbotSettings(
          new EncoderSettings(Network.VIT_SMALL, 224, 16, 0, 0, 0, true, false)
              .orInitialWeights(InitialWeights.TIMM),
          new CropSettings(10, 96, .25, .05, .25),
          MaskSettings.PAPER,
          new HeadSettings(2048, 256, 8192, true, 1),
          TeacherSettings.of(.996).warmingUpTo(.07, 30. / 800),
          .07,
          .1,
          1,
          1,
          .1,
          DinoSettings.paperTraining(1024, 800),
          Budget.epochs(800));

  static final Map<String, Record> PRESETS =
      Presets.of(
          of(
              DinoSettings.SMOKE.encoder(),
              DinoSettings.SMOKE.crops(),
              DinoSettings.SMOKE.head(),
              DinoSettings.SMOKE.teacher(),
              DinoSettings.SMOKE.training(),
              Presets.SMOKE_BUDGET),
          SMALL,
          PAPER);

  private static IbotSettings of(
      EncoderSettings encoder,
      CropSettings crops,
      HeadSettings head,
      TeacherSettings teacher,
      TrainingSettings training,
      Budget budget) {
    return new IbotSettings(
        encoder,
        crops,
        MaskSettings.PAPER,
        head,
        teacher,
        teacher.temperature(),
        .1,
        1,
        1,
        0,
        training,
        budget);
  }

  IbotSettings {
    SettingsChecks.transformer(encoder);
    SettingsChecks.that(
        encoder.classToken(), "ibot needs a class token: set encoder.classToken=true");
    SettingsChecks.positive("patchTemperature", patchTemperature);
    SettingsChecks.weights("imageWeight", imageWeight, "patchWeight", patchWeight);
    new DistillationSettings( // checks the others
        encoder, crops, head, teacher, studentTemperature, dropPath, training.monitor());
  }

  /** The settings that DINO has too. */
  DistillationSettings distillation() {
    return new DistillationSettings(
        encoder, crops, head, teacher, studentTemperature, dropPath, training.monitor());
  }
}
