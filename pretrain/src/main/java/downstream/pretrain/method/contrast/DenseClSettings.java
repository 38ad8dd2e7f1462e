package downstream.pretrain.method.contrast;

import downstream.eval.encoder.build.InitialWeights;
import downstream.pretrain.model.targets.Queue;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.Presets;
import downstream.pretrain.settings.SettingsChecks;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.settings.TrainingSettings.RateSchedule;
import downstream.pretrain.settings.TrainingSettings.UpdateRule;
import java.util.Map;

/**
 * Settings of {@link DenseCl}.
 *
 * @param temperature T, what similarities are divided by (paper: 0.2)
 * @param denseWeight λ, the weight of the loss of cells; that of images has 1 - λ (paper: 0.5)
 * @param hiddenWidth width of both heads' hidden layers; 0 takes the embedding's, as the paper
 * @param projectorOutputWidth d, the width of queries and keys (paper: 128)
 * @param queueLength K, the length of both queues; a multiple of the batch (paper: 65,536)
 * @param targetMomentum τ of the key network, constant (paper: 0.999)
 * @param batchNormGroups groups of a batch with batch-norm statistics of their own, of a ResNet
 *     (paper: 8 devices)
 * @param minCropArea smallest crop as a share of the image (paper: 0.2)
 */
record DenseClSettings(
    EncoderSettings encoder,
    double temperature,
    double denseWeight,
    int hiddenWidth,
    int projectorOutputWidth,
    int queueLength,
    double targetMomentum,
    int batchNormGroups,
    double minCropArea,
    TrainingSettings training,
    Budget budget) {
  private static final int DEVICES = 8;

  /** A small transformer, trained by AdamW; the paper has ResNets only. */
  static final DenseClSettings SMALL =
      new DenseClSettings(
          EncoderSettings.SMALL,
          .2,
          .5,
          0,
          128,
          256,
          .99,
          DEVICES,
          .2,
          TrainingSettings.adamW(64, 1e-3).clipped(1),
          Presets.SMALL_BUDGET);

  /** Wang et al. 2021 on COCO: ResNet-50, SGD at 0.3 for a batch of 256, 800 epochs. */
  static final DenseClSettings PAPER =
      new DenseClSettings(
          EncoderSettings.RESNET_50,
          .2,
          .5,
          0,
          128,
          65_536,
          .999,
          DEVICES,
          .2,
          new TrainingSettings(
              256, UpdateRule.SGD, .3, 1e-4, .9, .95, .9, RateSchedule.COSINE_PER_EPOCH, 0, 0, 0),
          Budget.epochs(800));

  static final Map<String, Record> PRESETS =
      Presets.of(
          new DenseClSettings(
              EncoderSettings.SMOKE,
              .2,
              .5,
              0,
              16,
              8,
              .99,
              2,
              .2,
              TrainingSettings.adamW(8, 1e-3).clipped(1),
              Presets.SMOKE_BUDGET),
          SMALL,
          PAPER);

  DenseClSettings {
    encoder = encoder.orInitialWeights(InitialWeights.FAN_IN);
    SettingsChecks.positive("temperature", temperature);
    SettingsChecks.that(
        denseWeight >= 0 && denseWeight <= 1, "denseWeight must be in [0, 1], not " + denseWeight);
    SettingsChecks.that(hiddenWidth >= 0, "hiddenWidth must not be negative: " + hiddenWidth);
    SettingsChecks.positive("projectorOutputWidth", projectorOutputWidth);
    SettingsChecks.momentum("targetMomentum", targetMomentum);
    SettingsChecks.fraction("minCropArea", minCropArea);
    BatchNormGroups.check(batchNormGroups, encoder, training);
    Queue.check("queueLength", queueLength, training.batch());
  }

  /** Width of the hidden layers. */
  int hidden() {
    return hiddenWidth > 0 ? hiddenWidth : encoder.embeddingWidth();
  }

  /** Groups of a batch that share statistics: of a ResNet's batch norm alone. */
  int groups() {
    return encoder.isTransformer() ? 1 : batchNormGroups;
  }

  /** L, the cells of an image. */
  int cells() {
    return encoder.cells();
  }
}
