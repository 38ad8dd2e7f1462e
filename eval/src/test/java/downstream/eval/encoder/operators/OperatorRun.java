package downstream.eval.encoder.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.onnx.proto.OnnxMl.TensorProto;
import downstream.eval.torch.Precision;
import downstream.eval.torch.ScriptType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** An operator's case with arrays for its inputs, ready to run. */
final class OperatorRun {
  private final OperatorCase operator;
  private final List<@Nullable NDArray> arrays;

  private OperatorRun(OperatorCase operator, List<@Nullable NDArray> arrays) {
    this.operator = operator;
    this.arrays = arrays;
  }

  /**
   * @param manager owns the inputs
   * @param type the float type to run in
   */
  static OperatorRun of(OperatorCase operator, NDManager manager, DataType type) {
    List<@Nullable NDArray> arrays = new ArrayList<>();
    for (OperatorCase.Slot slot : operator.slots()) {
      arrays.add(slot.tensor() == null ? null : Tensors.array(slot.tensor(), manager, type));
    }
    return new OperatorRun(operator, arrays);
  }

  /** The inputs that are there. */
  List<NDArray> inputs() {
    List<NDArray> inputs = new ArrayList<>();
    for (NDArray array : arrays) {
      if (array != null) {
        inputs.add(array);
      }
    }
    return inputs;
  }

  /** The inputs that gradients flow to. */
  List<NDArray> live() {
    List<NDArray> live = new ArrayList<>();
    for (int i = 0; i < arrays.size(); i++) {
      if (operator.slots().get(i).isLive()) {
        live.add(Objects.requireNonNull(arrays.get(i)));
      }
    }
    return live;
  }

  /** The same with other values for one input. */
  OperatorRun with(NDArray input, double[] values) {
    List<@Nullable NDArray> changed = new ArrayList<>(arrays);
    NDArray array = input.getManager().create(values, input.getShape());
    changed.set(arrays.indexOf(input), array);
    return new OperatorRun(operator, changed);
  }

  NDList outputs() {
    NDArray first = inputs().get(0);
    boolean wide = inputs().stream().anyMatch(array -> array.getDataType() == DataType.FLOAT64);
    Precision precision = wide ? Precision.FLOAT64 : Precision.FLOAT32;
    List<@Nullable TensorProto> constants =
        new ArrayList<>(operator.slots().stream().map(OperatorCase.Slot::constant).toList());
    return run(operator.node(), arrays, constants, operator.phase(), precision, first.getManager());
  }

  /** Runs a node by itself. */
  static NDList run(
      Node node,
      List<@Nullable NDArray> arrays,
      List<@Nullable TensorProto> constants,
      Operands.Phase phase,
      Precision precision,
      NDManager scope) {
    ScriptWriter writer = new ScriptWriter(ScriptWriter.Products.PLAIN);
    List<@Nullable Value> values = new ArrayList<>();
    for (int i = 0; i < arrays.size(); i++) {
      NDArray array = arrays.get(i);
      String name = Integer.toString(i);
      values.add(
          array == null
              ? null
              : new Value(
                  () -> writer.argument(name),
                  array.getShape(),
                  ScriptType.of(array.getDataType()),
                  constants.get(i)));
    }
    List<Operators.Output> outputs =
        Operators.write(new Operands(node, values, phase, precision, writer));
    try (NodeRunner runner =
        new NodeRunner(scope, precision.arrays(), ScriptWriter.Products.PLAIN)) {
      return new NDList(
          runner.run(
              writer,
              outputs,
              name -> Objects.requireNonNull(arrays.get(Integer.parseInt(name))),
              scope));
    }
  }

  /** A fixed random linear functional of the outputs; running statistics have no gradient. */
  NDArray functional() {
    boolean statistics = operator.phase() == Operands.Phase.BATCH_STATISTICS;
    NDList outputs = statistics ? new NDList(outputs().get(0)) : outputs();
    Random random = new Random(11);
    @Nullable NDArray sum = null;
    for (NDArray output : outputs) {
      double[] weights = random.doubles(output.size(), -1, 1).toArray();
      NDArray factor = output.getManager().create(weights, output.getShape());
      NDArray part = output.mul(factor).sum();
      sum = sum == null ? part : sum.add(part);
    }
    return Objects.requireNonNull(sum);
  }
}
