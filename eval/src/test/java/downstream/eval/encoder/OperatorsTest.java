package downstream.eval.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import downstream.eval.BadInput;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operator of the table against ONNX Runtime, and its gradient against differences. */
class OperatorsTest {
  private static final double STEP = 1e-5;
  private static final int SAMPLES = 12;

  static Stream<OperatorCase> cases() {
    return OperatorCases.all().stream();
  }

  /** A comparison's result has no gradient. */
  static Stream<OperatorCase> differentiable() {
    Set<String> comparisons =
        Set.of("Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Equal", "Not", "And", "Or");
    return cases().filter(operator -> !comparisons.contains(operator.operator()));
  }

  @Test
  void every_operator_of_the_table_has_a_case() {
    Set<String> covered =
        cases().map(OperatorCase::operator).collect(Collectors.toCollection(TreeSet::new));
    assertThat(covered).isEqualTo(Operators.names()).hasSizeGreaterThan(100);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void agrees_with_onnx_runtime(OperatorCase operator) throws OrtException {
    try (NDManager manager = NDManager.newBaseManager();
        OrtSession session =
            OrtEnvironment.getEnvironment().createSession(operator.model().toByteArray());
        OrtSession.Result expected = session.run(feeds(operator))) {
      NDList actual = run(operator, arrays(operator, manager, DataType.FLOAT32));

      assertThat(actual).hasSize(expected.size());
      for (int i = 0; i < expected.size(); i++) {
        OnnxTensor tensor = (OnnxTensor) expected.get(i);
        NDArray array = actual.get(i);
        assertThat(array.getShape().getShape()).isEqualTo(tensor.getInfo().getShape());
        assertClose(numbers(array), numbers(tensor));
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("differentiable")
  void gradient_agrees_with_central_differences(OperatorCase operator) {
    try (NDManager manager = NDManager.newBaseManager()) {
      List<@Nullable NDArray> arrays = arrays(operator, manager, DataType.FLOAT64);
      List<NDArray> live = live(operator, arrays);
      NDArray loss;
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        live.forEach(array -> array.setRequiresGradient(true));
        loss = functional(operator, run(operator, arrays));
        collector.backward(loss);
      }
      for (NDArray array : live) {
        double[] gradient = array.getGradient().toDoubleArray();
        array.setRequiresGradient(false);
        assertDifferences(operator, arrays, array, gradient);
      }
    }
  }

  private static void assertDifferences(
      OperatorCase operator, List<@Nullable NDArray> arrays, NDArray array, double[] gradient) {
    double[] values = array.toDoubleArray();
    Random random = new Random(3);
    double scale = 1;
    for (double entry : gradient) {
      scale = Math.max(scale, Math.abs(entry));
    }
    for (int sample = 0; sample < Math.min(SAMPLES, values.length); sample++) {
      int i = values.length <= SAMPLES ? sample : random.nextInt(values.length);
      double[] moved = values.clone();
      moved[i] = values[i] + STEP;
      double above = loss(operator, arrays, array, moved);
      moved[i] = values[i] - STEP;
      double below = loss(operator, arrays, array, moved);
      assertThat(gradient[i])
          .as("element %d of %s", i, array.getShape())
          .isCloseTo((above - below) / (2 * STEP), within(1e-6 * scale));
    }
  }

  private static double loss(
      OperatorCase operator, List<@Nullable NDArray> arrays, NDArray changed, double[] values) {
    NDManager manager = changed.getManager();
    List<@Nullable NDArray> copy = new ArrayList<>(arrays);
    copy.set(arrays.indexOf(changed), manager.create(values, changed.getShape()));
    return functional(operator, run(operator, copy)).getDouble();
  }

  /** A fixed random linear functional of the outputs; running statistics have no gradient. */
  private static NDArray functional(OperatorCase operator, NDList results) {
    boolean statistics = operator.phase() == Operands.Phase.BATCH_STATISTICS;
    NDList outputs = statistics ? new NDList(results.get(0)) : results;
    Random random = new Random(11);
    @Nullable NDArray sum = null;
    for (NDArray output : outputs) {
      NDArray numbers = output.toType(DataType.FLOAT64, false);
      double[] weights = random.doubles(output.size(), -1, 1).toArray();
      NDArray factor = output.getManager().create(weights, output.getShape());
      NDArray part = numbers.mul(factor).sum();
      sum = sum == null ? part : sum.add(part);
    }
    return Objects.requireNonNull(sum);
  }

  private static List<NDArray> live(OperatorCase operator, List<@Nullable NDArray> arrays) {
    List<NDArray> live = new ArrayList<>();
    for (int i = 0; i < arrays.size(); i++) {
      if (operator.slots().get(i).isLive()) {
        live.add(Objects.requireNonNull(arrays.get(i)));
      }
    }
    return live;
  }

  private static NDList run(OperatorCase operator, List<@Nullable NDArray> arrays) {
    List<@Nullable TensorProto> constants =
        new ArrayList<>(operator.slots().stream().map(OperatorCase.Slot::constant).toList());
    return Operators.apply(new Operands(operator.node(), arrays, constants, operator.phase()));
  }

  private static List<@Nullable NDArray> arrays(
      OperatorCase operator, NDManager manager, DataType type) {
    List<@Nullable NDArray> arrays = new ArrayList<>();
    for (OperatorCase.Slot slot : operator.slots()) {
      arrays.add(slot.tensor() == null ? null : Plan.array(slot.tensor(), manager, type));
    }
    return arrays;
  }

  private static Map<String, OnnxTensor> feeds(OperatorCase operator) throws OrtException {
    Map<String, OnnxTensor> feeds = new HashMap<>();
    for (int i = 0; i < operator.slots().size(); i++) {
      OperatorCase.Slot slot = operator.slots().get(i);
      if (slot.isLive()) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        FloatBuffer values =
            FloatBuffer.wrap(Tensors.floats(Objects.requireNonNull(slot.tensor())));
        feeds.put("x" + i, OnnxTensor.createTensor(environment, values, slot.shape()));
      }
    }
    return feeds;
  }

  private static double[] numbers(NDArray array) {
    return array.toType(DataType.FLOAT64, false).toDoubleArray();
  }

  private static double[] numbers(OnnxTensor tensor) {
    TensorProto proto =
        TensorProto.newBuilder()
            .setDataType(Tensors.type(tensor.getInfo().type))
            .setRawData(com.google.protobuf.ByteString.copyFrom(tensor.getByteBuffer()))
            .addAllDims(java.util.Arrays.stream(tensor.getInfo().getShape()).boxed().toList())
            .build();
    return Tensors.numbers(proto);
  }

  private static void assertClose(double[] actual, double[] expected) {
    double scale = 1;
    for (double value : expected) {
      scale = Math.max(scale, Math.abs(value));
    }
    assertThat(actual).hasSize(expected.length);
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).as("element %d", i).isCloseTo(expected[i], within(1e-5 * scale));
    }
  }

  @Test
  void names_all_missing_operators_at_once() {
    List<Node> nodes =
        List.of(
            OperatorCase.single("Relu", 17).node(),
            OperatorCase.single("Foo", 17).node(),
            OperatorCase.single("Bar", 17).node());
    assertThatThrownBy(() -> Operators.check("mine.onnx", nodes))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("[Bar, Foo]");
  }
}
