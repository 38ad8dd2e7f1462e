package downstream.pretrain.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import downstream.eval.train.Examples;
import downstream.eval.train.TrainingPlan;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.ObjectiveContractTest;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.masks.RandomMask;
import downstream.pretrain.model.Batches;
import downstream.pretrain.model.MaeDecoder;
import downstream.pretrain.model.Patches;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.model.TokenMasks;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.DecoderSettings;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.views.Photos;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MaeTest extends ObjectiveContractTest<Mae.Example> {
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

  @Test
  void loss_is_the_mean_over_removed_patches_of_the_mean_squared_error() {
    int images = 3;
    int tokens = 4;
    int values = 5;
    Random random = new Random(1);
    float[] predicted = floats(random, images * tokens * values);
    float[] target = floats(random, images * tokens * values);
    float[] removed = {1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1};
    double sum = 0;
    for (int patch = 0; patch < images * tokens; patch++) {
      for (int i = 0; i < values; i++) {
        double error = predicted[patch * values + i] - target[patch * values + i];
        sum += removed[patch] * error * error / values;
      }
    }
    Shape shape = new Shape(images, tokens, values);
    NDArray loss =
        Mae.MaeModel.loss(
            manager.create(predicted, shape),
            manager.create(target, shape),
            manager.create(removed, new Shape(images, tokens)));
    assertThat(loss.getFloat()).isCloseTo((float) (sum / 9), within(1e-5f));
  }

  @Test
  void decoder_of_the_paper_has_26_008_320_parameters() {
    MaeDecoder decoder = new MaeDecoder(14, DecoderSettings.PAPER, 768, false);
    decoder.initialize(manager, DataType.FLOAT32, new Shape(1, 49, 768), new Shape(1, 196));
    long count = 0;
    for (Parameter parameter : decoder.getParameters().values()) {
      count += parameter.getArray().size();
    }
    assertThat(count).isEqualTo(26_008_320);
  }

  @Test
  void decoder_linear_layers_start_xavier_uniform_without_bias() {
    MaeDecoder decoder = new MaeDecoder(4, new DecoderSettings(64, 1, 4), 48, false);
    decoder.initialize(manager, DataType.FLOAT32, new Shape(1, 4, 32), new Shape(1, 16));
    for (Weight weight : Weight.of("decoder", decoder)) {
      float[] values = weight.array().toFloatArray();
      long[] shape = weight.array().getShape().getShape();
      if (weight.decay()) {
        float bound = (float) Math.sqrt(6.0 / (shape[0] + shape[1]));
        assertThat(max(values)).as(weight.name()).isBetween(.95f * bound, bound);
      } else if (weight.name().endsWith("bias")) {
        assertThat(values).as(weight.name()).containsOnly(0);
      }
    }
  }

  @Test
  void mask_token_is_not_decayed_and_close_to_zero() {
    MaeDecoder decoder = new MaeDecoder(4, new DecoderSettings(64, 1, 4), 48, false);
    decoder.initialize(manager, DataType.FLOAT32, new Shape(1, 4, 32), new Shape(1, 16));
    Weight token =
        Weight.of("decoder", decoder).stream()
            .filter(weight -> weight.name().endsWith("maskToken"))
            .findFirst()
            .orElseThrow();
    assertThat(token.decay()).isFalse();
    assertThat(max(token.array().toFloatArray())).isBetween(.01f, .1f);
  }

  @Test
  void reconstruction_does_not_depend_on_what_was_removed() {
    Mae.MaeModel model = new Mae.MaeModel(TINY, 1, manager);
    float[] image = floats(new Random(2), 3 * 16 * 16);
    var mask = RandomMask.draw(16, .75, new SplittableRandom(3));
    float[] patches = Patches.patchify(image, 16, 4);
    int[] removed = mask.mask();
    float[] seenChanged = patches.clone();
    for (int token = 0; token < 16; token++) {
      if (removed[token] == 1) {
        patches[token * 48] += 5;
      } else {
        seenChanged[token * 48] += 5;
      }
    }
    float[] before = paint(model, image, mask);
    assertThat(paint(model, Patches.unpatchify(patches, 16, 4), mask)).isEqualTo(before);
    assertThat(paint(model, Patches.unpatchify(seenChanged, 16, 4), mask)).isNotEqualTo(before);
  }

  @Test
  void reconstruction_from_all_tokens_is_that_of_a_mask_which_removes_none() {
    Mae.MaeModel model = new Mae.MaeModel(TINY, 1, manager);
    float[] image = floats(new Random(2), 3 * 16 * 16);
    ParameterStore store = new ParameterStore(manager, false);
    NDArray latent =
        model.encoder().latent(store, Batches.images(List.of(image), 16, manager), false);
    float[] expected = paint(model, image, RandomMask.draw(16, 0, new SplittableRandom(3)));
    assertThat(model.reconstructAll(latent, store, false).toFloatArray())
        .containsExactly(expected, within(1e-4f));
  }

  private float[] paint(Mae.MaeModel model, float[] image, RandomMask mask) {
    ParameterStore store = new ParameterStore(manager, false);
    NDArray pixels = Batches.images(List.of(image), 16, manager);
    return model
        .forward(pixels, TokenMasks.of(List.of(mask), manager), store, false)
        .toFloatArray();
  }

  @Test
  void rate_follows_the_papers_schedule() {
    TrainingPlan plan = MaeSettings.PAPER.training().plan(800, 4096, 0, 1); // one update an epoch
    double[] epochs = {0, 20, 40, 420, 800};
    double[] rates = {0, .0012, .0024, .0012, 0};
    for (int i = 0; i < epochs.length; i++) {
      assertThat(plan.rateAt(epochs[i])).isCloseTo(rates[i], within(1e-12));
    }
    assertThat(MaeSettings.PAPER.visible()).isEqualTo(49);
  }

  @Test
  void presets_are_the_papers() {
    assertThat(MaeSettings.PAPER.maskRatio()).isEqualTo(.75);
    assertThat(MaeSettings.PAPER.normPix()).isTrue();
    assertThat(MaeSettings.PAPER.minCropArea()).isEqualTo(.2);
    assertThat(MaeSettings.PAPER.training().beta2()).isEqualTo(.95);
    assertThat(MaeSettings.PAPER.training().weightDecay()).isEqualTo(.05);
    assertThat(MaeSettings.PAPER.budget()).isEqualTo(Budget.epochs(800));
  }

  static final MaeSettings TINY =
      new MaeSettings(
          TestEncoders.VIT,
          new DecoderSettings(16, 1, 2),
          .75,
          true,
          .2,
          TrainingSettings.adamW(8, 1e-1),
          Budget.epochs(20));

  private static float[] floats(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float max(float[] values) {
    float max = 0;
    for (float value : values) {
      max = Math.max(max, Math.abs(value));
    }
    return max;
  }
}
