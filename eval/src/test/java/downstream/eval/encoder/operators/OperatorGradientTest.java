package downstream.eval.encoder.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The gradient of every operator, in float64. */
class OperatorGradientTest {
  private static final double STEP = 1e-5;
  private static final int DIRECTIONS = 3;
  private static final Set<String> COMPARISONS =
      Set.of(
          "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Equal", "IsNaN", "Not", "And", "Or");

  static Stream<OperatorCase> differentiable() {
    return OperatorCases.all().stream()
        .filter(operator -> !COMPARISONS.contains(operator.operator()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("differentiable")
  void agrees_with_central_differences(OperatorCase operator) {
    try (NDManager manager = NDManager.newBaseManager()) {
      OperatorRun run = OperatorRun.of(operator, manager, DataType.FLOAT64);
      for (NDArray array : run.live()) {
        array.setRequiresGradient(true);
      }
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        collector.backward(run.functional());
      }
      for (NDArray array : run.live()) {
        double[] gradient = array.getGradient().toDoubleArray();
        array.setRequiresGradient(false);
        assertDifferences(run, array, gradient);
      }
    }
  }

  /** Along random directions, in each of which every element has its part. */
  private static void assertDifferences(OperatorRun run, NDArray input, double[] gradient) {
    double[] values = input.toDoubleArray();
    Random random = new Random(3);
    double scale = 1;
    for (double entry : gradient) {
      scale = Math.max(scale, Math.abs(entry));
    }
    for (int i = 0; i < Math.min(DIRECTIONS, values.length); i++) {
      double[] direction = unitVector(values.length, random);
      double slope = 0;
      for (int k = 0; k < gradient.length; k++) {
        slope += gradient[k] * direction[k];
      }
      double above = run.with(input, moved(values, direction, STEP)).functional().getDouble();
      double below = run.with(input, moved(values, direction, -STEP)).functional().getDouble();
      assertThat(slope)
          .as("direction %d of %s", i, input.getShape())
          .isCloseTo((above - below) / (2 * STEP), within(1e-6 * scale));
    }
  }

  private static double[] unitVector(int size, Random random) {
    double[] vector = random.doubles(size, .5, 1).map(v -> random.nextBoolean() ? v : -v).toArray();
    double length = Math.sqrt(Arrays.stream(vector).map(v -> v * v).sum());
    return Arrays.stream(vector).map(v -> v / length).toArray();
  }

  private static double[] moved(double[] values, double[] direction, double distance) {
    double[] moved = values.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += distance * direction[i];
    }
    return moved;
  }

  /** What an operator makes on the way is closed before the backward pass reads it. */
  @Test
  void survives_a_garbage_collection_between_the_passes() {
    List<double[]> plain = gradients(false);
    List<double[]> collected = gradients(true);

    assertThat(plain).hasSizeGreaterThan(300);
    for (int i = 0; i < plain.size(); i++) {
      assertThat(collected.get(i)).as("gradient %d", i).isEqualTo(plain.get(i));
    }
  }

  private static List<double[]> gradients(boolean disturbed) {
    try (NDManager manager = NDManager.newBaseManager()) {
      List<NDArray> live = new ArrayList<>();
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        @Nullable NDArray sum = null;
        for (OperatorCase operator : differentiable().toList()) {
          OperatorRun run = OperatorRun.of(operator, manager, DataType.FLOAT64);
          run.live().forEach(array -> array.setRequiresGradient(true));
          live.addAll(run.live());
          sum = sum == null ? run.functional() : sum.add(run.functional());
        }
        if (disturbed) {
          System.gc();
          overwriteFreedMemory();
        }
        collector.backward(Objects.requireNonNull(sum));
      }
      return live.stream().map(array -> array.getGradient().toDoubleArray()).toList();
    }
  }

  private static void overwriteFreedMemory() {
    List<ByteBuffer> buffers = new ArrayList<>();
    for (int i = 0; i < 20000; i++) {
      buffers.add(ByteBuffer.allocateDirect(8 << i % 6).putDouble(0, 1e30));
    }
    assertThat(buffers).hasSize(20000);
  }
}
