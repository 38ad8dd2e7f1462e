package downstream.pretrain.method;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.train.Examples;
import downstream.pretrain.ObjectiveContractTest;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.model.LinearDecoder;
import downstream.pretrain.model.MaskedImage;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.views.Photos;
import org.junit.jupiter.api.Test;

/** Patches of 4 pixels are masked in units of 8, and the one cell reconstructs all 32 × 32. */
class SimMimOnSwinTest extends ObjectiveContractTest<MaskedImage> {
  private static final SimMimSettings TINY =
      new SimMimSettings(
          TestEncoders.SWIN, 8, .6, .67, 0, TrainingSettings.adamW(8, 1e-1), Budget.epochs(20));

  @Override
  public PretrainingModel<MaskedImage> model() {
    return SimMim.model(TINY, 1, manager);
  }

  @Override
  public Examples<MaskedImage> examples(Photos photos) {
    return SimMim.views(TINY, photos);
  }

  @Override
  public int steps() {
    return 60;
  }

  @Override
  public double learningRate() {
    return 5e-3;
  }

  /** The only cell of the last stages attends to itself alone: distances do not matter there. */
  @Override
  public boolean mayBeZero(String weight) {
    return weight.matches("encoder\\.layers\\.3\\..*(relative_positions|qkv\\..*)");
  }

  @Test
  void decoder_reconstructs_the_pixels_of_a_cell() {
    LinearDecoder decoder = new LinearDecoder(TestEncoders.SWIN, 1, manager);
    assertThat(decoder.flops()).isEqualTo(2L * 64 * 3 * 32 * 32);
    assertThat(TestEncoders.SWIN.patch()).isEqualTo(4);
  }
}
