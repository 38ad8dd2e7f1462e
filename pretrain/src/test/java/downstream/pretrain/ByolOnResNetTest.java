package downstream.pretrain;

import downstream.eval.train.Examples;
import downstream.pretrain.views.Photos;
import java.util.List;

class ByolOnResNetTest extends ObjectiveContractTest<List<float[]>> {
  private static final ByolSettings TINY =
      new ByolSettings(
          TestEncoders.RESNET,
          4,
          8,
          .9,
          ByolSettings.Views.ORL,
          .3,
          TrainingSettings.adamW(8, .1),
          Budget.epochs(20));

  @Override
  Learner<List<float[]>> model() {
    return new Byol.Bootstrap(TINY, 1, manager);
  }

  @Override
  Examples<List<float[]>> examples(Photos photos) {
    return TINY.views(photos);
  }

  @Override
  double learningRate() {
    return 3e-3;
  }

  /** The last norm of a block starts with scale 0: nothing before it moves at first. */
  @Override
  boolean mayBeZero(String weight) {
    return weight.matches("encoder\\.layer\\d\\.\\d\\.(conv\\d|bn1)\\..*");
  }
}
