package downstream.pretrain.method.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.train.Examples;
import downstream.eval.train.TrainingLoop;
import downstream.eval.train.TrainingPlan;
import downstream.eval.train.optimiser.Optimiser;
import downstream.eval.train.optimiser.Schedule;
import downstream.pretrain.ObjectiveContractTest;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.model.MaskedImage.Planes;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.DecoderSettings;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.views.Photos;
import java.io.IOException;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class AeTest extends ObjectiveContractTest<Planes> {
  static AeSettings tiny(EncoderSettings encoder, int codeWidth) {
    return new AeSettings(
        encoder,
        DecoderSettings.SMOKE,
        codeWidth,
        .3,
        TrainingSettings.adamW(8, .1),
        Budget.epochs(20));
  }

  @Override
  public PretrainingModel<Planes> model() {
    return new Ae.AeModel(tiny(TestEncoders.VIT, 0), 1, manager);
  }

  @Override
  public Examples<Planes> examples(Photos photos) {
    return new Ae.Crops(photos, tiny(TestEncoders.VIT, 0).view());
  }

  @Override
  public double learningRate() {
    return 1e-2;
  }

  @Test
  void code_is_half_of_the_embedding_unless_it_is_set() {
    assertThat(tiny(TestEncoders.VIT, 0).code()).isEqualTo(8);
    assertThat(tiny(TestEncoders.VIT, 3).code()).isEqualTo(3);
  }

  @Test
  void resnet_reconstructs_images_of_its_own_size() {
    Ae.AeModel model = new Ae.AeModel(tiny(TestEncoders.RESNET, 4), 1, manager);
    NDArray images = manager.zeros(new Shape(2, 3, 32, 32));
    assertThat(model.reconstruct(images, step(manager), false).getShape())
        .isEqualTo(new Shape(2, 3, 32, 32));
    assertThat(model.flops()).isPositive();
  }

  @Test
  void images_of_one_code_are_reconstructed_alike() {
    Ae.AeModel model = new Ae.AeModel(tiny(TestEncoders.VIT, 2), 1, manager);
    NDArray codes = manager.create(new float[] {1, 2, 1, 2, 2, 1}, new Shape(3, 2));
    NDArray images = model.decode(codes, step(manager), false);
    assertThat(images.get(1).toFloatArray()).containsExactly(images.get(0).toFloatArray());
    assertThat(images.get(2).toFloatArray()).isNotEqualTo(images.get(0).toFloatArray());
  }

  /** With a code of one value it is left with the mean of noise, whose error is the variance. */
  @Test
  void noise_cannot_be_copied_through_a_code_of_one_value() throws IOException {
    Ae.AeModel model = new Ae.AeModel(tiny(TestEncoders.VIT, 1), 1, manager);
    Optimiser adam = new Optimiser.AdamW(1e-2, 0, .9, .95);
    TrainingPlan plan = new TrainingPlan(60, 32, adam, Schedule.cosine(.05), 1, 5, 60, 1);
    TrainingLoop.train(plan, new Noise(), model, folder.resolve("noise"));
    float[] noise = new float[64 * Noise.VALUES];
    for (int i = 0; i < 64; i++) {
      System.arraycopy(Noise.image(i), 0, noise, i * Noise.VALUES, Noise.VALUES);
    }
    try (NDManager scope = manager.newSubManager()) {
      NDArray images = scope.create(noise, new Shape(64, 3, 16, 16));
      NDArray error = model.reconstruct(images, step(scope), false).sub(images).square().mean();
      double variance = images.sub(images.mean()).square().mean().getFloat();
      assertThat(variance).isCloseTo(1, within(.05));
      assertThat((double) error.getFloat()).isBetween(.9 * variance, 1.1 * variance);
    }
  }

  /** Sixty-four images of noise. */
  private record Noise() implements Examples<Planes> {
    static final int VALUES = 3 * 16 * 16;

    @Override
    public int size() {
      return 64;
    }

    @Override
    public Planes load(int index, RandomGenerator random) {
      return new Planes(image(index));
    }

    static float[] image(int index) {
      Random own = new Random(index);
      float[] image = new float[VALUES];
      for (int i = 0; i < VALUES; i++) {
        image[i] = (float) own.nextGaussian();
      }
      return image;
    }
  }
}
