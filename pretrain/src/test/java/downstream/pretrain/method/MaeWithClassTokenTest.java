package downstream.pretrain.method;

import downstream.eval.train.Examples;
import downstream.pretrain.ObjectiveContractTest;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.DecoderSettings;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.views.Photos;

class MaeWithClassTokenTest extends ObjectiveContractTest<Mae.Example> {
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
  public PretrainingModel<Mae.Example> model() {
    return new Mae.MaeModel(TINY, 1, manager);
  }

  @Override
  public Examples<Mae.Example> examples(Photos photos) {
    return new Mae.Crops(photos, TINY);
  }

  @Override
  public double learningRate() {
    return 1e-2;
  }
}
