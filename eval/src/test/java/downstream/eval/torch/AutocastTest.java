package downstream.eval.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import downstream.eval.train.optimiser.Weight;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AutocastTest {
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  /** A convolution of stride 2 with a bias. */
  private AutocastConvolution convolution() {
    AutocastConvolution convolution =
        new AutocastConvolution(
            Conv2d.builder()
                .setKernelShape(new Shape(3, 3))
                .setFilters(8)
                .optStride(new Shape(2, 2))
                .optPadding(new Shape(1, 1)));
    Engine.getInstance().setRandomSeed(1);
    convolution.initialize(manager, DataType.FLOAT32, new Shape(2, 16, 9, 9));
    Weight.of("convolution", convolution);
    return convolution;
  }

  /** Result, then gradients of its mean square for weight and bias. */
  private List<float[]> step(AutocastConvolution convolution) {
    List<float[]> numbers = new ArrayList<>();
    Engine.getInstance().setRandomSeed(2);
    NDArray maps = manager.randomNormal(new Shape(2, 16, 9, 9));
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDArray y =
          convolution
              .forward(new ParameterStore(manager, false), new NDList(maps), true)
              .singletonOrThrow();
      assertThat(y.getDataType()).isEqualTo(DataType.FLOAT32);
      assertThat(y.getShape()).isEqualTo(new Shape(2, 8, 5, 5));
      numbers.add(y.toFloatArray());
      collector.backward(y.square().mean());
    }
    for (Parameter parameter : convolution.getParameters().values()) {
      numbers.add(parameter.getArray().getGradient().toFloatArray());
    }
    return numbers;
  }

  @Test
  void a_convolution_in_bfloat16_is_near_the_one_in_float32_and_not_equal_to_it() {
    List<float[]> exact = step(convolution());
    List<float[]> rounded;
    try (Autocast ignored = Autocast.to(Precision.BFLOAT16)) {
      rounded = step(convolution());
    }
    assertThat(rounded).hasSameSizeAs(exact);
    for (int i = 0; i < exact.size(); i++) {
      assertThat(rounded.get(i)).isNotEqualTo(exact.get(i));
      assertThat(rounded.get(i)).containsExactly(exact.get(i), within(largest(exact.get(i)) / 64));
    }
  }

  private static float largest(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  @Test
  void float32_and_tf32_are_the_plain_convolution_on_a_processor() {
    List<float[]> exact = step(convolution());
    try (Autocast ignored = Autocast.to(Precision.TF32)) {
      List<float[]> same = step(convolution());
      for (int i = 0; i < exact.size(); i++) {
        assertThat(same.get(i)).isEqualTo(exact.get(i));
      }
    }
  }

  @Test
  void ends_with_what_it_began_with_and_holds_for_its_thread_alone() throws InterruptedException {
    List<Precision> seen = new ArrayList<>();
    try (Autocast outer = Autocast.to(Precision.TF32)) {
      try (Autocast inner = Autocast.to(Precision.BFLOAT16)) {
        seen.add(Autocast.current());
        Thread other = new Thread(() -> seen.add(Autocast.current()));
        other.start();
        other.join();
      }
      seen.add(Autocast.current());
    }
    seen.add(Autocast.current());
    assertThat(seen)
        .containsExactly(Precision.BFLOAT16, Precision.FLOAT32, Precision.TF32, Precision.FLOAT32);
  }
}
