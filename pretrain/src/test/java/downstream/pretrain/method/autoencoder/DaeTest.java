package downstream.pretrain.method.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import downstream.eval.train.Examples;
import downstream.pretrain.ObjectiveContractTest;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.method.autoencoder.Corruption.Kind;
import downstream.pretrain.model.MaskedBatch;
import downstream.pretrain.model.MaskedError;
import downstream.pretrain.model.Patches;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.DecoderSettings;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.views.Photos;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DaeTest extends ObjectiveContractTest<CorruptedImage> {
  private static final DaeSettings TINY =
      new DaeSettings(
          TestEncoders.VIT,
          DecoderSettings.SMOKE,
          0,
          new Corruption(Kind.MASKING, .25),
          .75,
          .3,
          TrainingSettings.adamW(8, .1),
          Budget.epochs(20));

  @Override
  public PretrainingModel<CorruptedImage> model() {
    return new Dae.DaeModel(TINY, 1, manager);
  }

  @Override
  public Examples<CorruptedImage> examples(Photos photos) {
    return new Dae.CorruptedCrops(photos, TINY.autoencoder().view(), TINY.corruption());
  }

  @Override
  public double learningRate() {
    return 1e-2;
  }

  @Test
  void masking_hides_256_of_1024_pixels_in_all_channels() {
    float[] clean = gaussian(3 * 1024, 1);
    CorruptedImage image = corrupted(Kind.MASKING, .25, clean);
    int hidden = 0;
    for (int pixel = 0; pixel < 1024; pixel++) {
      boolean masked = image.mask().values()[pixel] == 1;
      hidden += masked ? 1 : 0;
      for (int at = pixel; at < 3 * 1024; at += 1024) {
        assertThat(image.seen().values()[at]).isEqualTo(masked ? 0 : clean[at]);
      }
    }
    assertThat(hidden).isEqualTo(256);
  }

  @Test
  void salt_and_pepper_makes_pixels_white_or_black_about_as_often() {
    CorruptedImage image = corrupted(Kind.SALT_PEPPER, .4, gaussian(3 * 1024, 1));
    int white = 0;
    int black = 0;
    for (int pixel = 0; pixel < 1024; pixel++) {
      if (image.mask().values()[pixel] == 1) {
        double red = .485 + .229 * image.seen().values()[pixel];
        double blue = .406 + .225 * image.seen().values()[2048 + pixel];
        assertThat(red).isCloseTo(blue, within(1e-6));
        white += Math.abs(red - 1) < 1e-6 ? 1 : 0;
        black += Math.abs(red) < 1e-6 ? 1 : 0;
      }
    }
    assertThat(white + black).isEqualTo(410); // ⌈.4 · 1024⌉
    assertThat(white).isBetween(165, 245);
  }

  @Test
  void gaussian_noise_has_its_deviation_on_values_between_0_and_1() {
    float[] clean = gaussian(3 * 1024, 1);
    CorruptedImage image = corrupted(Kind.GAUSSIAN, .3, clean);
    double[] squares = new double[3];
    for (int i = 0; i < clean.length; i++) {
      double noise = image.seen().values()[i] - clean[i];
      squares[i / 1024] += noise * noise / 1024;
    }
    assertThat(.229 * Math.sqrt(squares[0])).isCloseTo(.3, within(.03));
    assertThat(.224 * Math.sqrt(squares[1])).isCloseTo(.3, within(.03));
    assertThat(image.mask().values()).containsOnly(1);
  }

  @Test
  void emphasis_weighs_corrupted_pixels() {
    NDArray predicted = manager.zeros(new Shape(1, 3, 1, 2));
    NDArray clean = // errors 1 at the corrupted pixel, 4 at the other
        manager.create(new float[] {1, 2, 1, 2, 1, 2}, new Shape(1, 3, 1, 2));
    NDArray mask = manager.create(new float[] {1, 0}, new Shape(1, 1, 1, 2));
    assertThat(loss(predicted, clean, mask, .5)).isCloseTo(2.5, within(1e-6));
    assertThat(loss(predicted, clean, mask, .75)).isCloseTo(1.75, within(1e-6));
    assertThat(loss(predicted, clean, mask, 1)).isCloseTo(1, within(1e-6));
  }

  @Test
  void full_emphasis_is_the_squared_error_of_masked_pixels_as_pimask_has_it() {
    NDArray predicted = manager.create(gaussian(2 * 768, 2), new Shape(2, 3, 16, 16));
    NDArray clean = manager.create(gaussian(2 * 768, 3), new Shape(2, 3, 16, 16));
    NDArray mask = manager.create(gaussian(2 * 256, 4), new Shape(2, 1, 16, 16)).gt(.5f);
    NDArray masked = mask.toType(clean.getDataType(), false);
    NDArray expected =
        MaskedError.SQUARED.of(
            Patches.patchify(predicted, 4), new MaskedBatch(clean, masked), 4, false);
    assertThat(loss(predicted, clean, masked, 1)).isCloseTo(expected.getFloat(), within(1e-5));
    assertThat(loss(predicted, clean, masked, .5))
        .isCloseTo(predicted.sub(clean).square().mean().getFloat(), within(1e-5));
  }

  private static double loss(NDArray predicted, NDArray clean, NDArray mask, double emphasis) {
    return Dae.DaeModel.loss(predicted, clean, mask, emphasis).getFloat();
  }

  private static CorruptedImage corrupted(Kind kind, double amount, float[] clean) {
    return new Corruption(kind, amount).apply(clean, 32, new SplittableRandom(1));
  }

  private static float[] gaussian(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
