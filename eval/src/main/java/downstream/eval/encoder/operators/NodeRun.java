package downstream.eval.encoder.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.onnx.proto.OnnxMl.TensorProto;
import downstream.eval.torch.TorchScript;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Runs what was written for one node, once. */
public final class NodeRun {
  private NodeRun() {}

  /**
   * Compiles and calls the script of a writer.
   *
   * @param outputs what {@link Operators#write} gave
   * @param named gives the values of the graph that are arguments
   * @param scope owns the results
   * @param type of the constants that the operator made
   * @return the outputs in order
   */
  public static List<NDArray> of(
      ScriptWriter writer,
      List<Operators.Output> outputs,
      Function<String, NDArray> named,
      NDManager scope,
      DataType type) {
    List<String> results = outputs.stream().map(Operators.Output::variable).toList();
    List<NDArray> arguments = new ArrayList<>();
    List<NDArray> made = new ArrayList<>();
    for (String name : writer.arguments()) {
      TensorProto constant = writer.made().get(name);
      if (constant != null) {
        made.add(Tensors.array(constant, scope, type));
      }
      arguments.add(constant == null ? named.apply(name) : made.get(made.size() - 1));
    }
    try (TorchScript script =
        TorchScript.of(scope, List.of(ScriptWriter.ARGUMENTS), writer.lines(), results)) {
      return script.call(scope, arguments);
    } finally {
      made.forEach(NDArray::close);
    }
  }
}
