package downstream.pretrain.method.contrast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Json;
import downstream.eval.train.Gradients;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.ObjectiveContractTest;
import downstream.pretrain.method.contrast.Siamese.PairLoss;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.CropSettings;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.TrainingSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Losses, and all weights after one update of plain SGD at a rate of 1, agree with those of PyTorch
 * (tools/update-vectors.py). Weights and images are not stored: both sides compute them.
 */
class ReferenceUpdateTest {
  private static final EncoderSettings VIT = EncoderSettings.vit(8, 4, 8, 1, 2);
  private static final TrainingSettings TRAINING = TrainingSettings.adamW(4, .1);
  private static final Budget BUDGET = Budget.epochs(1);
  private static final double TOLERANCE = 1e-5;

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void siamese_with_a_margin() throws IOException {
    check("siamese_margin", siamese(PairLoss.MARGIN), 8, 8);
  }

  @Test
  void siamese_with_cosines() throws IOException {
    check("siamese_cosine", siamese(PairLoss.COSINE), 8, 8);
  }

  private PretrainingModel<List<float[]>> siamese(PairLoss loss) {
    SiameseSettings settings = new SiameseSettings(VIT, 2, 4, loss, 1.5, 2, .2, TRAINING, BUDGET);
    return new Siamese.SiameseModel(settings, 1, manager);
  }

  @Test
  void swav_with_a_small_crop() throws IOException {
    CropSettings crops = new CropSettings(1, 4, .14, .05, .14);
    SwavSettings settings = SwavSettings.of(VIT, crops, 4, 3, 0, TRAINING, BUDGET);
    check("swav", new Swav.SwavModel(settings, 0, 1, manager), 8, 8, 4);
  }

  /**
   * @param sides of the views of an image
   */
  private void check(String name, PretrainingModel<List<float[]>> model, int... sides)
      throws IOException {
    JsonNode expected = stored().get(name);
    List<Weight> weights = model.weights();
    Gradients.doWithout(
        () -> IntStream.range(0, weights.size()).forEach(k -> fill(weights.get(k), k)));
    try (NDManager scope = manager.newSubManager();
        GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDArray loss = model.losses(batch(sides), ObjectiveContractTest.step(scope)).total();
      assertThat((double) loss.getFloat())
          .isCloseTo(expected.get("loss").asDouble(), within(TOLERANCE));
      collector.backward(loss);
    }
    assertThat(weights.stream().map(Weight::name).toList())
        .containsExactlyInAnyOrderElementsOf(expected.get("weights")::fieldNames);
    for (Weight weight : weights) {
      try (NDArray gradient = weight.array().getGradient();
          NDArray updated = Gradients.without(() -> weight.array().sub(gradient))) {
        assertThat(updated.toFloatArray())
            .as(weight.name())
            .usingComparatorWithPrecision((float) TOLERANCE)
            .containsExactly(floats(expected.get("weights").get(weight.name())));
      }
    }
  }

  /** Half a wave; scales of norms are around 1. */
  private static void fill(Weight weight, int number) {
    boolean scale = weight.name().matches(".*(norm.*weight|gamma)");
    float[] values = waves((int) weight.array().size(), number);
    for (int i = 0; i < values.length; i++) {
      values[i] = .5f * values[i] + (scale ? 1 : 0);
    }
    weight.array().set(values);
  }

  /** Views of four images. */
  private static List<List<float[]>> batch(int... sides) {
    return IntStream.range(0, 4)
        .mapToObj(
            image ->
                IntStream.range(0, sides.length)
                    .mapToObj(view -> waves(3 * sides[view] * sides[view], 100 + 10 * image + view))
                    .toList())
        .toList();
  }

  /** sin(0.7 i² + number). */
  private static float[] waves(int count, int number) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) Math.sin(.7 * i * i + number);
    }
    return values;
  }

  private static float[] floats(JsonNode values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values.get(i).asDouble();
    }
    return floats;
  }

  private static JsonNode stored() throws IOException {
    try (InputStream file = ReferenceUpdateTest.class.getResourceAsStream("updates.json")) {
      String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
      return Json.parseYaml("updates.json", text);
    }
  }
}
