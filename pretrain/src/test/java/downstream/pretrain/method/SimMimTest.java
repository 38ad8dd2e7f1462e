package downstream.pretrain.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import downstream.eval.train.Examples;
import downstream.pretrain.ObjectiveContractTest;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.model.MaskedImage;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.views.Photos;
import org.junit.jupiter.api.Test;

class SimMimTest extends ObjectiveContractTest<MaskedImage> {
  private static final SimMimSettings TINY =
      new SimMimSettings(
          TestEncoders.VIT, 8, .6, .67, 0, TrainingSettings.adamW(8, 1e-1), Budget.epochs(20));

  @Override
  public PretrainingModel<MaskedImage> model() {
    return SimMim.model(TINY, 1, manager);
  }

  @Override
  public Examples<MaskedImage> examples(Photos photos) {
    return SimMim.views(TINY, photos);
  }

  @Override
  public double learningRate() {
    return 1e-2;
  }

  @Test
  void presets_are_the_papers() {
    SimMimSettings paper = SimMimSettings.PAPER;
    assertThat(paper.maskUnitPixels()).isEqualTo(32);
    assertThat(paper.maskRatio()).isEqualTo(.6);
    assertThat(paper.minCropArea()).isEqualTo(.67);
    assertThat(paper.training().learningRate()).isCloseTo(4e-4, within(1e-15)); // 1e-4 · 2048 / 512
    assertThat(paper.training().clip()).isEqualTo(5);
    double end = paper.training().plan(800, 2048, 0, 1).rateAt(799);
    assertThat(end).isCloseTo(4e-5, within(1e-15));
  }
}
