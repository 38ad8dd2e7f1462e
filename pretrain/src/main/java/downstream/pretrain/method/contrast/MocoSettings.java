package downstream.pretrain.method.contrast;

import downstream.eval.encoder.build.InitialWeights;
import downstream.pretrain.model.targets.Queue;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.Network;
import downstream.pretrain.settings.Presets;
import downstream.pretrain.settings.SettingsChecks;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.settings.TrainingSettings.RateSchedule;
import downstream.pretrain.settings.TrainingSettings.UpdateRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Settings of {@link Moco}.
 *
 * @param version of the method: 1, 2 or 3
 * @param temperature T, what similarities are divided by; 0 takes the version's: 0.07, 0.2, and 0.2
 *     (transformer) or 1 (ResNet) for version 3
 * @param hiddenWidth width of the heads' hidden layers in versions 2 and 3; 0 takes the
 *     embedding's, and four times that in version 3
 * @param projectorOutputWidth d, the width of queries and keys
 * @param queueLength K, the keys that are negatives in versions 1 and 2; a multiple of the batch
 * @param targetMomentum τ of the key network: constant in versions 1 and 2, rising to 1 along a
 *     cosine in version 3
 * @param batchNormGroups groups of a batch with batch-norm statistics of their own, of a ResNet in
 *     versions 1 and 2 (paper: 8 devices)
 * @param minCropArea smallest crop as a share of the image
 */
public record MocoSettings(
    EncoderSettings encoder,
    int version,
    double temperature,
    int hiddenWidth,
    int projectorOutputWidth,
    int queueLength,
    double targetMomentum,
    int batchNormGroups,
    double minCropArea,
    TrainingSettings training,
    Budget budget) {
  static final int LATEST_VERSION = 3;
  private static final int PAPER_QUEUE = 65_536;
  private static final int DEVICES = 8;
  private static final int V3_HIDDEN_PER_WIDTH = 4;

  /** A small transformer, trained by AdamW; the papers have transformers in version 3 only. */
  static final MocoSettings SMALL =
      new MocoSettings(
          EncoderSettings.SMALL,
          2,
          0,
          0,
          128,
          256,
          .99,
          DEVICES,
          .2,
          TrainingSettings.adamW(64, 1e-3).clipped(1),
          Presets.SMALL_BUDGET);

  /** Chen et al. 2020 (version 2): ResNet-50, SGD, batch 256, 200 epochs. */
  static final MocoSettings PAPER = resNet(2, sgd(RateSchedule.COSINE_PER_EPOCH));

  /** He et al. 2020 (version 1): the same, but for head, temperature, view and rate. */
  static final MocoSettings PAPER_V1 =
      resNet(1, sgd(RateSchedule.STEP).withMilestones(List.of(.6, .8)));

  /** Chen, Xie and He 2021 (version 3): ViT-S, AdamW, batch 4096, 300 epochs. */
  static final MocoSettings PAPER_V3 =
      new MocoSettings(
          new EncoderSettings(Network.VIT_SMALL, 224, 16, 0, 0, 0, true, false).withFrozenPatches(),
          3,
          0,
          4096,
          256,
          PAPER_QUEUE,
          .99,
          1,
          .08,
          new TrainingSettings(
              4096,
              UpdateRule.ADAMW,
              1.5e-4,
              .1,
              .9,
              .999,
              .9,
              RateSchedule.COSINE,
              40. / 300,
              0,
              0),
          Budget.epochs(300));

  static final Map<String, Record> PRESETS = presets();

  private static MocoSettings resNet(int version, TrainingSettings training) {
    return new MocoSettings(
        EncoderSettings.RESNET_50,
        version,
        0,
        0,
        128,
        PAPER_QUEUE,
        .999,
        DEVICES,
        .2,
        training,
        Budget.epochs(200));
  }

  private static TrainingSettings sgd(RateSchedule schedule) {
    return new TrainingSettings(256, UpdateRule.SGD, .03, 1e-4, .9, .95, .9, schedule, 0, 0, 0);
  }

  private static Map<String, Record> presets() {
    Map<String, Record> presets =
        new LinkedHashMap<>(
            Presets.of(
                new MocoSettings(
                    EncoderSettings.SMOKE,
                    2,
                    0,
                    0,
                    16,
                    8,
                    .99,
                    2,
                    .2,
                    TrainingSettings.adamW(8, 1e-3).clipped(1),
                    Presets.SMOKE_BUDGET),
                SMALL,
                PAPER));
    presets.put("paper-v1", PAPER_V1);
    presets.put("paper-v3", PAPER_V3);
    return presets;
  }

  public MocoSettings {
    encoder =
        encoder.orInitialWeights(
            version == LATEST_VERSION ? InitialWeights.MOCO_V3 : InitialWeights.TORCHVISION);
    SettingsChecks.that(
        version >= 1 && version <= LATEST_VERSION, "version must be 1, 2 or 3, not " + version);
    SettingsChecks.that(temperature >= 0, "temperature must not be negative: " + temperature);
    SettingsChecks.that(hiddenWidth >= 0, "hiddenWidth must not be negative: " + hiddenWidth);
    SettingsChecks.positive("projectorOutputWidth", projectorOutputWidth);
    SettingsChecks.momentum("targetMomentum", targetMomentum);
    SettingsChecks.fraction("minCropArea", minCropArea);
    BatchNormGroups.check(batchNormGroups, encoder, training);
    if (version < LATEST_VERSION) {
      Queue.check("queueLength", queueLength, training.batch());
    }
  }

  /** Tells whether keys come from a queue instead of from the batch. */
  boolean queued() {
    return version < LATEST_VERSION;
  }

  /** T. */
  double divisor() {
    if (temperature > 0) {
      return temperature;
    }
    return switch (version) {
      case 1 -> .07;
      case 2 -> .2;
      default -> encoder.isTransformer() ? .2 : 1;
    };
  }

  /** Width of the hidden layers. */
  int hidden() {
    if (hiddenWidth > 0) {
      return hiddenWidth;
    }
    return encoder.embeddingWidth() * (queued() ? 1 : V3_HIDDEN_PER_WIDTH);
  }

  /** Groups of a batch that share statistics: of a ResNet's batch norm alone. */
  int groups() {
    return queued() && !encoder.isTransformer() ? batchNormGroups : 1;
  }
}
