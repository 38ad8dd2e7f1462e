package downstream.pretrain.method;

import downstream.eval.encoder.build.InitialWeights;
import downstream.eval.train.Examples;
import downstream.pretrain.ObjectiveContractTest;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.masks.HiddenPixels;
import downstream.pretrain.model.MaskedImage;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.settings.BlockSettings;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.views.Photos;

/** Patches embedded by convolutions, layer scale, relative positions. */
class PiMaskOnRingMosNetworkTest extends ObjectiveContractTest<MaskedImage> {
  private static final PiMaskSettings TINY =
      new PiMaskSettings(
          TestEncoders.VIT_WITH_PI_CONV
              .withBlocks(BlockSettings.SIMMIM)
              .orInitialWeights(InitialWeights.SIMMIM),
          8,
          .6,
          .6,
          HiddenPixels.RINGMO,
          false,
          .67,
          .1,
          TrainingSettings.adamW(8, 1e-1),
          Budget.epochs(20));

  @Override
  public PretrainingModel<MaskedImage> model() {
    return PiMask.model(TINY, 1, manager);
  }

  @Override
  public Examples<MaskedImage> examples(Photos photos) {
    return PiMask.views(TINY, photos);
  }

  @Override
  public double learningRate() {
    return 1e-2;
  }
}
