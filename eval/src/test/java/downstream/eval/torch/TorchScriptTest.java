package downstream.eval.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import downstream.eval.train.Gradients;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TorchScriptTest {
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  private TorchScript script(List<String> parameters, String... lines) {
    return TorchScript.of(manager, parameters, List.of(lines), List.of("r"));
  }

  @Test
  void results_carry_gradients_to_every_argument() {
    TorchScript product = script(List.of("a", "b"), "r = torch.mul(a[0], b[0])");
    NDArray a = manager.create(new float[] {1, 2});
    NDArray b = manager.create(new float[] {3, 4});
    a.setRequiresGradient(true);
    b.setRequiresGradient(true);
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      collector.backward(product.call(manager, List.of(a), List.of(b)).get(0).sum());
    }
    assertThat(a.getGradient().toFloatArray()).containsExactly(3, 4);
    assertThat(b.getGradient().toFloatArray()).containsExactly(1, 2);
  }

  @Test
  void bfloat16_inside_gives_float32_gradients() {
    TorchScript halves = script(List.of("x"), "r = torch.to(torch.square(torch.to(x[0], 15)), 6)");
    NDArray x = manager.create(new float[] {1.0039062f});
    x.setRequiresGradient(true);
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDArray y = halves.call(manager, List.of(x)).get(0);
      assertThat(y.toFloatArray()).containsExactly(1);
      collector.backward(y.sum());
    }
    assertThat(x.getGradient().toFloatArray()).containsExactly(2);
  }

  @Test
  void records_nothing_where_gradients_are_off_and_its_results_may_be_used_with_gradients_later() {
    TorchScript twice = script(List.of("x"), "r = torch.add(x[0], x[0])");
    NDArray x = manager.create(new float[] {1});
    x.setRequiresGradient(true);
    NDArray constant = Gradients.without(() -> twice.call(manager, List.of(x)).get(0));
    assertThat(constant.hasGradient()).isFalse();
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      collector.backward(constant.mul(x).sum());
    }
    assertThat(x.getGradient().toFloatArray()).containsExactly(2);
  }

  @Test
  void keeps_the_names_of_its_arguments_and_gives_results_to_the_scope() {
    TorchScript copy = script(List.of("x"), "r = torch.clone(x[0])");
    NDArray x = manager.zeros(new Shape(3));
    x.setName("weight");
    try (NDManager scope = manager.newSubManager()) {
      assertThat(copy.call(scope, List.of(x)).get(0).getManager()).isSameAs(scope);
    }
    assertThat(x.getName()).isEqualTo("weight");
  }

  @Test
  void refuses_code_that_does_not_compile() {
    assertThatThrownBy(() -> script(List.of("x"), "r = torch.no_such_operator(x[0])"))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("no_such_operator");
  }
}
