package downstream.pretrain.method.contrast;

import downstream.eval.encoder.build.InitialWeights;
import downstream.pretrain.model.targets.Queue;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.CropSettings;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.Presets;
import downstream.pretrain.settings.SettingsChecks;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.settings.TrainingSettings.RateSchedule;
import downstream.pretrain.settings.TrainingSettings.UpdateRule;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Settings of {@link Swav}.
 *
 * @param crops of an image (paper: six small ones of 96 pixels)
 * @param hiddenWidth of the projector; 0 for the embedding's width
 * @param projectorOutputWidth d (paper: 128)
 * @param prototypes K (paper: 3000)
 * @param prototypesHeldEpochs epochs at the start in which prototypes are not trained (paper: 1)
 * @param temperature T of the predictions (paper: 0.1)
 * @param epsilon weight of the entropy of codes (paper: 0.05)
 * @param sinkhornIterations how often prototypes and rows are made equal (paper: 3); without any,
 *     nothing keeps all images from one prototype
 * @param queueLength embeddings of past batches that share in the codes of each large crop; 0 for
 *     none (paper: none at a batch of 4096, 3840 at 256)
 * @param queueStart fraction of the updates after which a full queue is used
 * @param stopBelowEntropy smallest smoothed entropy of the mean code, as a fraction of the largest,
 *     at which training goes on
 */
record SwavSettings(
    EncoderSettings encoder,
    CropSettings crops,
    int hiddenWidth,
    int projectorOutputWidth,
    int prototypes,
    int prototypesHeldEpochs,
    double temperature,
    double epsilon,
    int sinkhornIterations,
    int queueLength,
    double queueStart,
    double stopBelowEntropy,
    TrainingSettings training,
    Budget budget) {
  private static final double LEAST_ENTROPY = .1;
  private static final double LEAST_EPSILON = .025; // cosines are at most 2 apart
  private static final CropSettings PAPER_CROPS = new CropSettings(6, 96, .14, .05, .14);

  /** Caron et al. 2020: ResNet-50, LARC, batch 4096, 800 epochs. */
  static final SwavSettings PAPER =
      paper(0, 0, larc(4096, .3, 10. / 800, .3 / 4.8), Budget.epochs(800));

  /** The same at a batch of 256, with a queue, 200 epochs. */
  static final SwavSettings PAPER_BATCH_256 =
      paper(3840, 15. / 200, larc(256, .6, 0, 0), Budget.epochs(200));

  static final Map<String, Record> PRESETS = presets();

  /** A transformer trained by AdamW. */
  static SwavSettings of(
      EncoderSettings encoder,
      CropSettings crops,
      int projectorOutputWidth,
      int prototypes,
      int queueLength,
      TrainingSettings training,
      Budget budget) {
    return new SwavSettings(
        encoder,
        crops,
        0,
        projectorOutputWidth,
        prototypes,
        1,
        .1,
        .05,
        3,
        queueLength,
        .125,
        LEAST_ENTROPY,
        training,
        budget);
  }

  private static SwavSettings paper(
      int queueLength, double queueStart, TrainingSettings training, Budget budget) {
    return new SwavSettings(
        EncoderSettings.RESNET_50,
        PAPER_CROPS,
        0,
        128,
        3000,
        1,
        .1,
        .05,
        3,
        queueLength,
        queueStart,
        LEAST_ENTROPY,
        training,
        budget);
  }

  private static TrainingSettings larc(int batch, double rate, double warmup, double start) {
    return new TrainingSettings(
            batch, UpdateRule.LARC, rate, 1e-6, .9, .95, .9, RateSchedule.COSINE, warmup, start, 0)
        .withFloor(1e-3);
  }

  private static Map<String, Record> presets() {
    Map<String, Record> presets =
        new LinkedHashMap<>(
            Presets.of(
                of(
                    EncoderSettings.SMOKE,
                    new CropSettings(2, 16, .14, .05, .14),
                    16,
                    16,
                    16,
                    TrainingSettings.adamW(8, 1e-3).clipped(1),
                    Presets.SMOKE_BUDGET),
                of(
                    EncoderSettings.SMALL,
                    new CropSettings(4, 24, .14, .05, .14),
                    128,
                    64,
                    256,
                    TrainingSettings.adamW(64, 1e-3).clipped(1),
                    Presets.SMALL_BUDGET),
                PAPER));
    presets.put("paper-batch-256", PAPER_BATCH_256);
    return presets;
  }

  SwavSettings {
    encoder = encoder.orInitialWeights(InitialWeights.TORCHVISION);
    crops.check(encoder);
    SettingsChecks.that(hiddenWidth >= 0, "hiddenWidth must not be negative: " + hiddenWidth);
    SettingsChecks.positive("projectorOutputWidth", projectorOutputWidth);
    SettingsChecks.positive("prototypes", prototypes);
    SettingsChecks.that(
        prototypesHeldEpochs >= 0,
        "prototypesHeldEpochs must not be negative: " + prototypesHeldEpochs);
    SettingsChecks.positive("temperature", temperature);
    SettingsChecks.that(
        epsilon >= LEAST_EPSILON,
        "epsilon must be at least "
            + LEAST_EPSILON
            + ", so that exp(-2 / epsilon) is a float32, not "
            + epsilon);
    SettingsChecks.that(
        sinkhornIterations >= 0, "sinkhornIterations must not be negative: " + sinkhornIterations);
    if (queueLength != 0) {
      Queue.check("queueLength", queueLength, training.batch());
    }
    SettingsChecks.that(
        queueStart >= 0 && queueStart <= 1, "queueStart must be in [0, 1], not " + queueStart);
    SettingsChecks.that(
        stopBelowEntropy >= 0 && stopBelowEntropy < 1,
        "stopBelowEntropy must be in [0, 1), not " + stopBelowEntropy);
    SettingsChecks.batchNorm(training);
  }

  /** Hidden width of the projector. */
  int hidden() {
    return hiddenWidth == 0 ? encoder.embeddingWidth() : hiddenWidth;
  }
}
