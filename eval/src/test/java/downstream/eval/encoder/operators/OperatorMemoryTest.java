package downstream.eval.encoder.operators;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import downstream.eval.encoder.operators.Operands.Phase;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an operator leaves behind. */
class OperatorMemoryTest {
  static Stream<OperatorCase> cases() {
    return OperatorCases.all().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void leaves_its_outputs_and_nothing_else(OperatorCase operator) {
    try (NDManager manager = NDManager.newBaseManager()) {
      OperatorRun run = OperatorRun.of(operator, manager, DataType.FLOAT64);
      int before = manager.getManagedArrays().size();
      List<double[]> values = run.inputs().stream().map(OperatorMemoryTest::numbers).toList();

      NDList outputs = run.outputs();

      assertThat(manager.getManagedArrays()).hasSize(before + outputs.size());
      Set<NDArray> inputs = Collections.newSetFromMap(new IdentityHashMap<>());
      inputs.addAll(run.inputs());
      assertThat(outputs).noneMatch(inputs::contains);
      assertThat(outputs)
          .allMatch(output -> output.getDataType() != DataType.FLOAT32, "float64 stays float64");
      if (operator.phase() != Phase.BATCH_STATISTICS) {
        outputs.close();
        assertThat(run.inputs().stream().map(OperatorMemoryTest::numbers).toList())
            .usingRecursiveComparison()
            .isEqualTo(values);
      }
    }
  }

  private static double[] numbers(NDArray array) {
    try (NDArray wide = array.toType(DataType.FLOAT64, true)) {
      return wide.toDoubleArray();
    }
  }
}
