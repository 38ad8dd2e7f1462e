package downstream.pretrain;

import downstream.eval.train.Examples;
import downstream.pretrain.masks.PixelShares;
import downstream.pretrain.views.Photos;

class PiMaskWithPiConvTest extends ObjectiveContractTest<MaskedImage> {
  private static final PiMaskSettings TINY =
      new PiMaskSettings(
          TestEncoders.VIT_WITH_PI_CONV,
          8,
          PixelShares.RINGMO,
          .67,
          TrainingSettings.adamW(8, 1e-1),
          Budget.epochs(20));

  @Override
  Learner<MaskedImage> model() {
    return PiMask.painter(TINY, 1, manager);
  }

  @Override
  Examples<MaskedImage> examples(Photos photos) {
    return PiMask.crops(photos, TINY);
  }

  @Override
  double learningRate() {
    return 1e-2;
  }
}
