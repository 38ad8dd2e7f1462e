package downstream.pretrain.method.distillation;

import com.fasterxml.jackson.annotation.JsonProperty;
import downstream.eval.encoder.build.InitialWeights;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.CropSettings;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.Network;
import downstream.pretrain.settings.Presets;
import downstream.pretrain.settings.SettingsChecks;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.settings.TrainingSettings.RateSchedule;
import downstream.pretrain.settings.TrainingSettings.UpdateRule;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Settings of {@link Dino}.
 *
 * @param crops of an image (paper: eight small ones of 96 pixels)
 * @param embedding vector that stands for an image
 * @param studentTemperature what the student's scores are divided by (paper: 0.1)
 * @param dropPath share of the images for which a branch of the student's last block is left out
 *     (paper: 0.1)
 */
record DinoSettings(
    EncoderSettings encoder,
    Embedding embedding,
    CropSettings crops,
    HeadSettings head,
    TeacherSettings teacher,
    double studentTemperature,
    double dropPath,
    TrainingSettings training,
    Budget budget) {
  /** The vector that stands for an image. */
  enum Embedding {
    /** The class token of a transformer (the paper's). */
    @JsonProperty("class-token")
    CLASS_TOKEN,
    /** The mean patch token of a transformer, the spatial mean of a ResNet's last level. */
    @JsonProperty("mean")
    MEAN
  }

  private static final CropSettings PAPER_CROPS = new CropSettings(8, 96, .4, .05, .4);
  private static final HeadSettings PAPER_HEAD = new HeadSettings(2048, 256, 65_536, false, 1);

  static final DinoSettings SMOKE =
      new DinoSettings(
          EncoderSettings.SMOKE.withClassToken().orInitialWeights(InitialWeights.TIMM),
          Embedding.CLASS_TOKEN,
          new CropSettings(2, 16, .4, .05, .4),
          new HeadSettings(32, 16, 32, false, 1),
          TeacherSettings.of(.99),
          .1,
          0,
          smallTraining(8),
          Presets.SMOKE_BUDGET);

  /** A small transformer; the paper's recipe at its size. */
  static final DinoSettings SMALL =
      new DinoSettings(
          EncoderSettings.SMALL.withClassToken().orInitialWeights(InitialWeights.TIMM),
          Embedding.CLASS_TOKEN,
          new CropSettings(4, 24, .4, .05, .4),
          new HeadSettings(256, 64, 256, false, 1),
          TeacherSettings.of(.99),
          .1,
          0,
          smallTraining(64),
          Presets.SMALL_BUDGET);

  /** Caron et al. 2021: ViT-S/16, AdamW, batch 512, 100 epochs, of which 10 to warm up. */
  static final DinoSettings PAPER =
      new DinoSettings(
          new EncoderSettings(Network.VIT_SMALL, 224, 16, 0, 0, 0, true, false)
              .orInitialWeights(InitialWeights.TIMM),
          Embedding.CLASS_TOKEN,
          PAPER_CROPS,
          PAPER_HEAD,
          TeacherSettings.of(.996),
          .1,
          .1,
          paperTraining(512, 100),
          Budget.epochs(100));

  /** The same of a ResNet-50: SGD, a constant weight decay, other crops. */
  static final DinoSettings PAPER_RESNET =
      new DinoSettings(
          EncoderSettings.RESNET_50.orInitialWeights(InitialWeights.TORCHVISION),
          Embedding.MEAN,
          new CropSettings(8, 96, .14, .05, .14),
          PAPER_HEAD,
          TeacherSettings.of(.996),
          .1,
          0,
          new TrainingSettings(
                  512, UpdateRule.SGD, .03, 1e-4, .9, .999, .9, RateSchedule.COSINE, .1, 0, 0)
              .clippedPerArray(3)
              .withFloor(1e-6 / .06),
          Budget.epochs(100));

  static final Map<String, Record> PRESETS = presets();

  private static Map<String, Record> presets() {
    Map<String, Record> presets = new LinkedHashMap<>(Presets.of(SMOKE, SMALL, PAPER));
    presets.put("paper-resnet", PAPER_RESNET);
    return presets;
  }

  /** AdamW with the paper's clipping, and a weight decay that rises less. */
  static TrainingSettings smallTraining(int batch) {
    return new TrainingSettings(
            batch, UpdateRule.ADAMW, 1e-3, .04, .9, .999, .9, RateSchedule.COSINE, .1, 0, 0)
        .clippedPerArray(3)
        .withWeightDecayEnd(.1);
  }

  /** 5e-4 for a batch of 256 after ten epochs, down to 1e-6; a weight decay from 0.04 to 0.4. */
  static TrainingSettings paperTraining(int batch, int epochs) {
    TrainingSettings training =
        new TrainingSettings(
            batch,
            UpdateRule.ADAMW,
            5e-4,
            .04,
            .9,
            .999,
            .9,
            RateSchedule.COSINE,
            10. / epochs,
            0,
            0);
    return training
        .clippedPerArray(3)
        .withWeightDecayEnd(.4)
        .withFloor(1e-6 / training.learningRate());
  }

  DinoSettings {
    SettingsChecks.that(
        embedding == Embedding.MEAN || encoder.classToken(),
        "embedding class-token needs a class token: set encoder.classToken=true, or"
            + " embedding=mean");
    new DistillationSettings( // checks the others
        encoder, crops, head, teacher, studentTemperature, dropPath, training.monitor());
  }

  /** The settings that iBOT has too. */
  DistillationSettings distillation() {
    return new DistillationSettings(
        encoder, crops, head, teacher, studentTemperature, dropPath, training.monitor());
  }
}
