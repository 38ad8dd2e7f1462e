package downstream.eval.train.optimiser;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScalarsTest {
  @Test
  void the_number_outlives_a_garbage_collection_before_the_backward_pass() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray weight = manager.ones(new Shape(4));
      weight.setRequiresGradient(true);
      for (int i = 0; i < 20; i++) {
        try (NDManager step = manager.newSubManager();
            GradientCollector collector = Engine.getInstance().newGradientCollector()) {
          NDArray x = step.ones(new Shape(4)).mul(weight);
          NDArray loss = Scalars.over(Scalars.times(Scalars.power(x, 3), 2), 5).sum();
          System.gc();
          overwriteFreedMemory();
          collector.backward(loss);
        }
        try (NDArray gradient = weight.getGradient()) {
          assertThat(gradient.toFloatArray())
              .as("step " + i)
              .containsExactly(1.2f, 1.2f, 1.2f, 1.2f);
          gradient.muli(0);
        }
      }
    }
  }

  private static void overwriteFreedMemory() {
    List<ByteBuffer> buffers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      buffers.add(ByteBuffer.allocateDirect(4).putFloat(0, 1e-30f));
    }
    assertThat(buffers).hasSize(200);
  }
}
