package downstream.pretrain.method.contrast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import downstream.eval.train.Gradients;
import downstream.eval.train.Step;
import downstream.pretrain.ObjectiveContractTest;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.monitor.Collapse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What holds for every method with negatives. */
abstract class ContrastContractTest<E> extends ObjectiveContractTest<E> {
  @Override
  public int steps() {
    return 32;
  }

  @Override
  public double learningRate() {
    return 2e-2;
  }

  @Test
  void projections_at_one_point_stop_the_training() throws IOException {
    PretrainingModel<E> model = model();
    model.weights().stream()
        .filter(weight -> weight.name().startsWith("projector"))
        .forEach(weight -> weight.array().muli(0));
    Map<String, Double> measured = measured(model);
    assertThat(measured.get("collapse.projections")).isGreaterThan(.99);
    assertThatThrownBy(() -> model.check(9, 10, measured))
        .isInstanceOf(Collapse.class)
        .hasMessageContaining("the projections collapsed at step 9");
  }

  @Test
  void sound_projections_do_not() throws IOException {
    PretrainingModel<E> model = model();
    Map<String, Double> measured = measured(model);
    model.check(9, 10, measured);
    assertThat(measured.get("accuracy")).isBetween(0.0, 1.0);
  }

  private Map<String, Double> measured(PretrainingModel<E> model) throws IOException {
    var batch = batch(model);
    try (NDManager scope = manager.newSubManager()) {
      return Gradients.without(
          () -> {
            Step step = step(scope);
            model.losses(batch, step);
            Map<String, Double> values = new HashMap<>();
            model
                .measure(step)
                .forEach((name, value) -> values.put(name, (double) value.toFloatArray()[0]));
            return values;
          });
    }
  }
}
