package downstream.pretrain.method;

import downstream.eval.encoder.build.InitialWeights;
import downstream.eval.train.Examples;
import downstream.pretrain.ObjectiveContractTest;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.views.Photos;
import java.util.List;

class ByolOnResNetTest extends ObjectiveContractTest<List<float[]>> {
  private static final ByolSettings TINY =
      new ByolSettings(
          TestEncoders.RESNET.orInitialWeights(InitialWeights.ZERO_LAST_NORM), // tame gradients
          4,
          8,
          .9,
          ByolSettings.Augmentation.ORL,
          .3,
          TrainingSettings.adamW(8, .1),
          Budget.epochs(20));

  @Override
  public PretrainingModel<List<float[]>> model() {
    return new Byol.ByolModel(TINY, 1, manager);
  }

  @Override
  public Examples<List<float[]>> examples(Photos photos) {
    return Byol.views(TINY, photos);
  }

  @Override
  public double learningRate() {
    return 3e-3;
  }

  /** The last norm of a block starts with scale 0: nothing before it moves at first. */
  @Override
  public boolean mayBeZero(String weight) {
    return weight.matches("encoder\\.layer\\d\\.\\d\\.(conv\\d|bn1)\\..*");
  }
}
