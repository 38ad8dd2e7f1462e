package downstream.eval.encoder.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.EncoderFileTest;
import downstream.eval.encoder.FineTuningSettings;
import downstream.eval.encoder.build.ResNetTest;
import downstream.eval.torch.Precision;
import downstream.eval.train.optimiser.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One call for the whole program, against the same program node by node. */
class ExecutionPlanTest {

  static Stream<EncoderFile> encoders() {
    return Stream.of(EncoderFileTest.small(3), ResNetTest.build(18, 8, 4));
  }

  /**
   * Outputs, then gradients of the sum of their squares, then running statistics.
   *
   * @param interpreted node by node
   */
  private static List<float[]> step(EncoderFile file, Precision precision, boolean interpreted) {
    try (NDManager manager = NDManager.newBaseManager()) {
      TrainableEncoder block =
          new TrainableEncoder(
              file, file.levelValues(), manager, FineTuningSettings.BATCH_STATISTICS, precision);
      List<Weight> weights = Weight.of("encoder", block);
      ParameterStore store = new ParameterStore(manager, false);
      Engine.getInstance().setRandomSeed(5);
      Map<String, NDArray> feeds = Map.of(file.spec().input(), manager.randomNormal(images(file)));
      List<float[]> numbers = new ArrayList<>();
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        Map<String, NDArray> results =
            interpreted
                ? block.runNodeByNode(store, feeds, file.levelValues(), true)
                : block.run(store, feeds, file.levelValues(), true);
        NDArray total = manager.zeros(new Shape());
        for (NDArray result : results.values()) {
          numbers.add(result.toFloatArray());
          total = total.add(result.square().mean());
        }
        collector.backward(total);
      }
      weights.forEach(weight -> numbers.add(weight.array().getGradient().toFloatArray()));
      Weight.stateOf("encoder", block).values().forEach(state -> numbers.add(state.toFloatArray()));
      return numbers;
    }
  }

  private static Shape images(EncoderFile file) {
    return new Shape(4, 3, file.spec().imageSize(), file.spec().imageSize());
  }

  @ParameterizedTest
  @MethodSource("encoders")
  void one_call_gives_what_its_nodes_give(EncoderFile file) {
    List<float[]> together = step(file, Precision.FLOAT32, false);
    List<float[]> apart = step(file, Precision.FLOAT32, true);

    assertThat(together).hasSameSizeAs(apart);
    for (int i = 0; i < apart.size(); i++) {
      assertThat(relativeError(together.get(i), apart.get(i))).as("array %d", i).isLessThan(1e-5);
    }
  }

  @ParameterizedTest
  @MethodSource("encoders")
  void the_same_call_gives_the_same_bytes_in_every_precision(EncoderFile file) {
    for (Precision precision : List.of(Precision.FLOAT32, Precision.BFLOAT16)) {
      List<float[]> once = step(file, precision, false);
      List<float[]> again = step(file, precision, false);
      for (int i = 0; i < once.size(); i++) {
        assertThat(again.get(i)).isEqualTo(once.get(i));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("encoders")
  void bfloat16_points_where_float32_does(EncoderFile file) {
    List<float[]> exact = step(file, Precision.FLOAT32, false);
    List<float[]> rounded = step(file, Precision.BFLOAT16, false);

    assertThat(rounded.get(0)).isNotEqualTo(exact.get(0));
    assertThat(cosine(rounded, exact)).isGreaterThan(0.999);
  }

  private static double relativeError(float[] actual, float[] expected) {
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
    }
    return difference / Math.max(largest, 1e-3);
  }

  private static double cosine(List<float[]> a, List<float[]> b) {
    double product = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (int k = 0; k < a.size(); k++) {
      for (int i = 0; i < a.get(k).length; i++) {
        product += (double) a.get(k)[i] * b.get(k)[i];
        squaresA += (double) a.get(k)[i] * a.get(k)[i];
        squaresB += (double) b.get(k)[i] * b.get(k)[i];
      }
    }
    return product / Math.sqrt(squaresA * squaresB);
  }
}
