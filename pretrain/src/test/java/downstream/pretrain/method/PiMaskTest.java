package downstream.pretrain.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import downstream.eval.train.Examples;
import downstream.pretrain.ObjectiveContractTest;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.masks.HiddenPixels;
import downstream.pretrain.masks.MaskRatios;
import downstream.pretrain.model.MaskedBatch;
import downstream.pretrain.model.MaskedImage;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.views.Photos;
import java.util.List;
import org.junit.jupiter.api.Test;

class PiMaskTest extends ObjectiveContractTest<MaskedImage> {
  private static final PiMaskSettings TINY =
      new PiMaskSettings(
          TestEncoders.VIT,
          8,
          .6,
          .6,
          HiddenPixels.RINGMO,
          false,
          .67,
          0,
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

  @Test
  void presets_are_the_papers() {
    PiMaskSettings paper = PiMaskSettings.PAPER;
    assertThat(paper.maskUnitPixels()).isEqualTo(32);
    assertThat(paper.maskRatios()).isEqualTo(MaskRatios.RINGMO);
    assertThat(paper.training().baseLearningRate()).isEqualTo(5e-5); // 1e-4 for a batch of 512
    assertThat(paper.training().warmup()).isEqualTo(.1); // 20 of 200 epochs
  }

  @Test
  void blocks_are_kept_filled_around_and_reconstructed_in_standardised_pixels() {
    PiMaskSettings blocks =
        new PiMaskSettings(
            TestEncoders.VIT,
            8,
            .6,
            .6,
            new HiddenPixels(HiddenPixels.Kept.BLOCK, HiddenPixels.Fill.KEPT_MEAN),
            true,
            .67,
            0,
            TrainingSettings.adamW(8, 1e-1),
            Budget.epochs(20));
    List<MaskedImage> batch = PretrainingModel.sample(PiMask.views(blocks, photos()), 8);
    for (MaskedImage image : batch) { // 0.36 / (15/16) of 4 units of 2 × 2 patches: 2 of them
      double hidden = 0;
      for (float pixel : image.mask().values()) {
        hidden += pixel;
      }
      assertThat(hidden).isEqualTo(2 * 4 * 15);
    }
    MaskedPixelModel model = PiMask.model(blocks, 1, manager);
    float loss = model.losses(batch, step(manager)).total().getFloat();
    // standardised pixels are about 0.8 from 0 on average, and the decoder starts near 0
    assertThat(loss).isBetween(.6f, 1.2f);
    assertThat(PiMask.model(TINY, 1, manager).losses(batch, step(manager)).total().getFloat())
        .isNotEqualTo(loss);
  }

  @Test
  void hidden_pixels_are_0_and_the_encoder_never_sees_them() {
    float[] visible = visible(HiddenPixels.Fill.ZERO);
    for (int i = 0; i < visible.length; i++) {
      boolean hidden = i % 16 == 5 || i % 16 == 6;
      assertThat(visible[i]).isEqualTo(hidden ? 0 : i);
    }
  }

  @Test
  void hidden_pixels_are_the_mean_of_what_is_kept_of_their_patch() {
    float[] visible = visible(HiddenPixels.Fill.KEPT_MEAN);
    for (int channel = 0; channel < 3; channel++) {
      int first = 16 * channel;
      // patches of 2 × 2 on a grid of 4 × 4: pixel 5 is with 0, 1, 4; pixel 6 with 2, 3, 7
      assertThat(visible[first + 5]).isCloseTo(first + 5 / 3f, within(1e-5f));
      assertThat(visible[first + 6]).isCloseTo(first + 4, within(1e-5f));
      assertThat(visible[first + 7]).isEqualTo(first + 7);
    }
  }

  @Test
  void a_patch_of_which_nothing_is_kept_is_filled_with_0() {
    float[] all = new float[16];
    java.util.Arrays.fill(all, 1);
    assertThat(visible(HiddenPixels.Fill.KEPT_MEAN, all)).containsOnly(0);
  }

  /** A ramp of 4 × 4 pixels in three channels, of which two are hidden. */
  private float[] visible(HiddenPixels.Fill fill) {
    float[] hidden = new float[16];
    hidden[5] = 1;
    hidden[6] = 1;
    return visible(fill, hidden);
  }

  private float[] visible(HiddenPixels.Fill fill, float[] hidden) {
    float[] pixels = new float[3 * 16];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i;
    }
    List<MaskedImage> images = List.of(new MaskedImage(pixels, hidden));
    return MaskedBatch.of(images, 4, manager).visible(fill, 2).toFloatArray();
  }
}
