package downstream.pretrain;

import downstream.eval.train.Examples;
import downstream.pretrain.views.Photos;

class MaeWithClassTokenTest extends ObjectiveContractTest<float[]> {
  private static final MaeSettings TINY =
      new MaeSettings(
          TestEncoders.VIT_WITH_CLASS_TOKEN,
          new DecoderSettings(16, 1, 2),
          .75,
          true,
          .2,
          TrainingSettings.adamW(8, 1e-1),
          Budget.epochs(20));

  @Override
  Learner<float[]> model() {
    return new Mae.Autoencoder(TINY, 1, manager);
  }

  @Override
  Examples<float[]> examples(Photos photos) {
    return new Mae.Crops(photos, TINY);
  }

  @Override
  double learningRate() {
    return 1e-2;
  }
}
