package downstream.pretrain.model.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueueTest {
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void each_batch_replaces_the_oldest_rows() {
    Queue queue = new Queue("queue", 6, 3, manager);
    float[] pointers = {2, 4, 0, 2};
    for (int batch = 1; batch <= 4; batch++) {
      enqueue(queue, batch);
      assertThat(pointer(queue)).isEqualTo(pointers[batch - 1]);
    }
    assertThat(queue.rows().get(":, 0").toFloatArray()).containsExactly(4, 4, 2, 2, 3, 3);
  }

  private void enqueue(Queue queue, int value) {
    try (NDManager scope = manager.newSubManager()) {
      queue.enqueue(scope.ones(new Shape(2, 3)).mul(value));
    }
  }

  private static float pointer(Queue queue) {
    return Objects.requireNonNull(queue.state().get("queue.pointer")).toFloatArray()[0];
  }

  @Test
  void starts_with_random_unit_rows_of_the_seed() {
    Engine.getInstance().setRandomSeed(3);
    Queue queue = new Queue("queue", 400, 4, manager);
    NDArray lengths = queue.rows().square().sum(new int[] {1});
    assertThat(lengths.sub(1).abs().max().getFloat()).isCloseTo(0, within(1e-5f));
    assertThat(queue.rows().mean(new int[] {0}).abs().max().getFloat()).isLessThan(.1f);
    Engine.getInstance().setRandomSeed(3);
    assertThat(new Queue("queue", 400, 4, manager).rows().toFloatArray())
        .isEqualTo(queue.rows().toFloatArray());
  }

  @Test
  void a_restored_queue_goes_on_where_the_other_stopped() {
    Queue one = new Queue("queue", 6, 3, manager);
    enqueue(one, 1);
    Queue other = new Queue("queue", 6, 3, manager);
    one.state().forEach((name, array) -> array.copyTo(other.state().get(name)));
    enqueue(one, 2);
    enqueue(other, 2);
    assertThat(other.rows().toFloatArray()).isEqualTo(one.rows().toFloatArray());
    assertThat(pointer(other)).isEqualTo(4);
  }

  @Test
  void lengths_that_would_make_false_negatives_are_refused() {
    Queue.check("queueLength", 256, 64);
    assertThatThrownBy(() -> Queue.check("queueLength", 250, 64))
        .hasMessage("queueLength must be a multiple of training.batch 64, not 250");
    Queue.checkImages("queueLength", 256, 64, 320);
    assertThatThrownBy(() -> Queue.checkImages("queueLength", 256, 64, 300))
        .hasMessageContaining("256 is too long for 300 images")
        .hasMessageContaining("Set it to at most 236, the images less a batch");
  }
}
