package downstream.pretrain.method.distillation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import downstream.eval.train.Examples;
import downstream.pretrain.ObjectiveContractTest;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.method.distillation.Ibot.IbotModel;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.CropSettings;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.views.Photos;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IbotTest extends ObjectiveContractTest<List<float[]>> {
  private static final IbotSettings TINY = tiny(TestEncoders.VIT_WITH_CLASS_TOKEN);

  private static IbotSettings tiny(EncoderSettings encoder) {
    return new IbotSettings(
        encoder,
        new CropSettings(1, 8, .4, .1, .4),
        MaskSettings.PAPER,
        new HeadSettings(64, 16, 12, false, 0),
        TeacherSettings.of(.97).warmingUpTo(.05, .3),
        .06,
        .1,
        1,
        .5,
        0,
        TrainingSettings.adamW(8, .1),
        Budget.epochs(20));
  }

  @Override
  public PretrainingModel<List<float[]>> model() {
    return new IbotModel(TINY, 1, 1, manager);
  }

  @Override
  public Examples<List<float[]>> examples(Photos photos) {
    return Ibot.views(TINY, photos);
  }

  @Override
  public int steps() {
    return 16;
  }

  @Override
  public double learningRate() {
    return 3e-3;
  }

  /** The loss rises with the entropy of the teacher. */
  @Override
  public boolean hasFallen(double first, double last) {
    return true;
  }

  @Override
  public double differenceStep() {
    return 1e-5;
  }

  @Test
  void loss_over_masked_patches_follows_a_slow_reference() {
    Random random = new Random(2);
    int crops = 3 * 2;
    int patches = 5;
    int width = 4;
    float[] student = new float[crops * patches * width];
    float[] teacher = new float[student.length];
    float[] mask = new float[crops * patches];
    for (int i = 0; i < student.length; i++) {
      student[i] = (float) random.nextGaussian();
      teacher[i] = random.nextFloat();
    }
    for (int i = patches; i < mask.length; i++) { // nothing is masked in the first crop
      mask[i] = random.nextBoolean() ? 1 : 0;
    }
    double expected = 0;
    for (int crop = 0; crop < crops; crop++) {
      double sum = 0;
      double count = 0;
      for (int patch = crop * patches; patch < (crop + 1) * patches; patch++) {
        count += mask[patch];
        for (int i = patch * width; i < (patch + 1) * width; i++) {
          sum -= mask[patch] * teacher[i] * student[i];
        }
      }
      expected += sum / Math.max(1, count) / crops;
    }
    Shape shape = new Shape(3, 2, patches, width);
    NDArray loss =
        IbotModel.overMasked(
            manager.create(student, shape),
            manager.create(teacher, shape),
            manager.create(mask, new Shape(3, 2, patches)));
    assertThat((double) loss.getFloat()).isCloseTo(expected, within(1e-5));
  }

  @Test
  void half_of_the_crops_are_masked_within_the_ratios() {
    SplittableRandom random = new SplittableRandom(3);
    int unmasked = 0;
    for (int i = 0; i < 1000; i++) {
      int masked = 0;
      for (float value : MaskSettings.PAPER.draw(14, random)) {
        masked += (int) value;
      }
      unmasked += masked == 0 ? 1 : 0;
      assertThat(masked).isLessThanOrEqualTo(98);
    }
    assertThat(unmasked).isBetween(450, 560);
  }

  @Test
  void cost_counts_the_scores_of_all_tokens_of_large_crops() {
    IbotModel model = new IbotModel(TINY, 1, 1, manager);
    long large = model.student().flops(16, 17);
    assertThat(model.flops()).isEqualTo(3 * (2 * large + model.student().flops(8, 1)) + 2 * large);
  }

  @Test
  void both_teachers_distributions_are_centred() {
    PretrainingModel<List<float[]>> model = model();
    assertThat(requireNonNull(model.state().get("centre.teacher")).getShape())
        .isEqualTo(new Shape(12));
    assertThat(requireNonNull(model.state().get("centre.patches")).getShape())
        .isEqualTo(new Shape(12));
  }

  @Test
  void class_token_has_to_be_there() {
    assertThatThrownBy(() -> tiny(TestEncoders.VIT))
        .hasMessage("ibot needs a class token: set encoder.classToken=true");
    assertThatThrownBy(() -> tiny(TestEncoders.RESNET))
        .hasMessageContaining("encoder.network must be a vit");
  }
}
