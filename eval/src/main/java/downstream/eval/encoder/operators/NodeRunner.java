package downstream.eval.encoder.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.onnx.proto.OnnxMl.TensorProto;
import downstream.eval.torch.TorchScript;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Runs what was written for nodes, one node at a time. Nodes of the same code share a compiled
 * script: each compilation takes a buffer of several MB from the heap.
 */
public final class NodeRunner implements AutoCloseable {
  private record Code(List<String> lines, List<String> results) {}

  private final NDManager scope;
  private final DataType type;
  private final Map<Code, TorchScript> scripts = new HashMap<>();

  /**
   * @param scope owns the results
   * @param type of the constants that operators make
   */
  public NodeRunner(NDManager scope, DataType type) {
    this.scope = scope;
    this.type = type;
  }

  /**
   * Runs one node.
   *
   * @param outputs what {@link Operators#write} gave
   * @param named gives the values of the graph that are arguments
   * @return the outputs in order
   */
  public List<NDArray> run(
      ScriptWriter writer, List<Operators.Output> outputs, Function<String, NDArray> named) {
    return run(writer, outputs, named, scope);
  }

  /** Runs one node as {@link #run(ScriptWriter, List, Function)}, its outputs owned by a scope. */
  public List<NDArray> run(
      ScriptWriter writer,
      List<Operators.Output> outputs,
      Function<String, NDArray> named,
      NDManager owner) {
    List<NDArray> arguments = new ArrayList<>();
    List<NDArray> made = new ArrayList<>();
    for (String name : writer.arguments()) {
      TensorProto constant = writer.made().get(name);
      if (constant != null) {
        made.add(Tensors.array(constant, owner, type));
      }
      arguments.add(constant == null ? named.apply(name) : made.get(made.size() - 1));
    }
    List<String> results = outputs.stream().map(Operators.Output::variable).toList();
    try {
      return scripts
          .computeIfAbsent(new Code(List.copyOf(writer.lines()), results), this::compile)
          .call(owner, arguments);
    } finally {
      made.forEach(NDArray::close);
    }
  }

  private TorchScript compile(Code code) {
    return TorchScript.of(scope, List.of(ScriptWriter.ARGUMENTS), code.lines(), code.results());
  }

  @Override
  public void close() {
    scripts.values().forEach(TorchScript::close);
  }
}
