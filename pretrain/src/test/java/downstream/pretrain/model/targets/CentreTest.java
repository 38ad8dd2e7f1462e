package downstream.pretrain.model.targets;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CentreTest {
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void moves_towards_the_mean_of_the_batch_and_is_taken_off_scores() {
    Centre centre = new Centre("centre", .9, 2, manager);
    NDArray mean = requireNonNull(centre.state().get("centre"));
    NDArray scores = manager.create(new float[] {.3f, 0, .1f, .2f}, new Shape(2, 2));
    mean.set(new float[] {.05f, 0});
    centre.record(scores);
    assertThat(mean.toFloatArray()).containsExactly(.05f, 0);
    centre.update();
    assertThat(mean.toFloatArray()).containsExactly(new float[] {.065f, .01f}, within(1e-7f));
    assertThat(centre.subtractedFrom(scores).toFloatArray())
        .containsExactly(new float[] {.235f, -.01f, .035f, .19f}, within(1e-6f));
  }

  @Test
  void refuses_a_momentum_of_1() {
    assertThatThrownBy(() -> new Centre("centre", 1, 2, manager))
        .hasMessageContaining("centreMomentum must be in [0, 1), not 1.0");
  }
}
