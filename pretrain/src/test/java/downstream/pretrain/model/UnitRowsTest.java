package downstream.pretrain.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import downstream.eval.train.optimiser.Weight;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnitRowsTest {
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void scores_of_unit_rows_are_cosines() {
    UnitRows layer = new UnitRows(2, 5, false, manager);
    float[] w = layer.weights("last").get(0).array().toFloatArray();
    NDArray inputs = manager.create(new float[] {.6f, .8f}, new Shape(1, 2));
    float[] scores = layer.scores(inputs, false).toFloatArray();
    for (int row = 0; row < 5; row++) {
      double cosine =
          (.6 * w[2 * row] + .8 * w[2 * row + 1]) / Math.hypot(w[2 * row], w[2 * row + 1]);
      assertThat((double) scores[row]).isCloseTo(cosine, within(1e-5));
    }
  }

  @Test
  void scores_of_cells_are_those_of_each() {
    UnitRows layer = new UnitRows(3, 4, true, manager);
    NDArray cells = manager.arange(0, 18, 1f).reshape(2, 3, 3);
    NDArray scores = layer.scores(cells, false);
    assertThat(scores.getShape()).isEqualTo(new Shape(2, 3, 4));
    assertThat(scores.reshape(6, 4).toFloatArray())
        .containsExactly(layer.scores(cells.reshape(6, 3), false).toFloatArray(), within(1e-5f));
  }

  @Test
  void held_layer_has_the_same_scores_and_a_gradient_of_zero() {
    UnitRows layer = new UnitRows(3, 4, true, manager);
    List<Weight> weights = layer.weights("last");
    NDArray inputs = manager.arange(0, 6, 1f).reshape(2, 3);
    inputs.setRequiresGradient(true);
    NDArray free = backward(layer, inputs, false);
    assertThat(norms(weights)).allMatch(norm -> norm > 0);
    weights.forEach(weight -> weight.array().getGradient().muli(0));
    NDArray held = backward(layer, inputs, true);
    assertThat(held.toFloatArray()).isEqualTo(free.toFloatArray());
    assertThat(norms(weights)).containsOnly(0.);
    assertThat(inputs.getGradient().square().sum().getFloat()).isPositive();
  }

  private static NDArray backward(UnitRows layer, NDArray inputs, boolean held) {
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDArray scores = layer.scores(inputs, held);
      collector.backward(scores.square().sum());
      return scores;
    }
  }

  private static List<Double> norms(List<Weight> weights) {
    return weights.stream()
        .map(weight -> (double) weight.array().getGradient().norm().getFloat())
        .toList();
  }

  @Test
  void gain_is_a_weight_only_if_it_is_trained() {
    assertThat(new UnitRows(256, 8, false, manager).weights("last"))
        .extracting(Weight::name)
        .containsExactly("last.rows");
    assertThat(new UnitRows(256, 8, true, manager).weights("last"))
        .extracting(Weight::name)
        .containsExactly("last.rows", "last.gain");
    assertThat(new UnitRows(256, 65_536, false, manager).flops()).isEqualTo(2L * 16_777_216);
  }
}
