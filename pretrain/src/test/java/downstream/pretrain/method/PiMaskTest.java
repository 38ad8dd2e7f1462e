package downstream.pretrain.method;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.train.Examples;
import downstream.pretrain.ObjectiveContractTest;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.masks.MaskRatios;
import downstream.pretrain.model.MaskedImage;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.views.Photos;
import org.junit.jupiter.api.Test;

class PiMaskTest extends ObjectiveContractTest<MaskedImage> {
  private static final PiMaskSettings TINY =
      new PiMaskSettings(
          TestEncoders.VIT, 8, .6, .6, .67, TrainingSettings.adamW(8, 1e-1), Budget.epochs(20));

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

  @Test
  void presets_are_the_papers() {
    PiMaskSettings paper = PiMaskSettings.PAPER;
    assertThat(paper.maskUnitPixels()).isEqualTo(32);
    assertThat(paper.maskRatios()).isEqualTo(MaskRatios.RINGMO);
    assertThat(paper.training().baseLearningRate()).isEqualTo(5e-5); // 1e-4 for a batch of 512
    assertThat(paper.training().warmup()).isEqualTo(.1); // 20 of 200 epochs
  }

  @Test
  void hidden_pixels_are_0_and_the_encoder_never_sees_them() {
    float[] pixels = new float[3 * 16];
    java.util.Arrays.fill(pixels, 2);
    float[] hidden = new float[16];
    hidden[5] = 1;
    float[] visible = new MaskedImage(pixels, hidden).visible();
    for (int i = 0; i < visible.length; i++) {
      assertThat(visible[i]).isEqualTo(i % 16 == 5 ? 0 : 2);
    }
  }
}
