package downstream.eval.encoder.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.ByteString;
import downstream.eval.BadInput;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operator of the table against ONNX Runtime. */
class OperatorsTest {
  static Stream<OperatorCase> cases() {
    return OperatorCases.all().stream();
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
      NDList actual = OperatorRun.of(operator, manager, DataType.FLOAT32).outputs();

      assertThat(actual).hasSize(expected.size());
      for (int i = 0; i < expected.size(); i++) {
        OnnxTensor tensor = (OnnxTensor) expected.get(i);
        NDArray array = actual.get(i);
        assertThat(array.getShape().getShape()).isEqualTo(tensor.getInfo().getShape());
        assertClose(numbers(array), numbers(tensor));
      }
    }
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
            .setRawData(ByteString.copyFrom(tensor.getByteBuffer()))
            .addAllDims(Arrays.stream(tensor.getInfo().getShape()).boxed().toList())
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
