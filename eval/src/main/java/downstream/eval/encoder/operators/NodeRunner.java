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

  private final NDManager manager;
  private final DataType type;
  private final ScriptWriter.Products products;
  private final Map<Code, TorchScript> scripts = new HashMap<>();

  /**
   * @param manager owns the scripts
   * @param type of the constants that operators make
   * @param products how nodes multiply
   */
  public NodeRunner(NDManager manager, DataType type, ScriptWriter.Products products) {
    this.manager = manager;
    this.type = type;
    this.products = products;
  }

  /** Returns a writer for the code of the next node. */
  public ScriptWriter newWriter() {
    return new ScriptWriter(products);
  }

  /**
   * Runs one node.
   *
   * @param writer of {@link #newWriter}
   * @param outputs what {@link Operators#write} gave
   * @param named gives the values of the graph that are arguments
   * @param scope owns the outputs
   * @return the outputs in order
   */
  public List<NDArray> run(
      ScriptWriter writer,
      List<Operators.Output> outputs,
      Function<String, NDArray> named,
      NDManager scope) {
    List<NDArray> arguments = new ArrayList<>();
    List<NDArray> made = new ArrayList<>();
    for (String name : writer.arguments()) {
      TensorProto constant = writer.made().get(name);
      if (constant != null) {
        made.add(Tensors.array(constant, scope, type));
      }
      arguments.add(constant == null ? named.apply(name) : made.get(made.size() - 1));
    }
    List<String> results = outputs.stream().map(Operators.Output::variable).toList();
    try {
      return scripts
          .computeIfAbsent(new Code(List.copyOf(writer.lines()), results), this::compile)
          .call(scope, arguments);
    } finally {
      made.forEach(NDArray::close);
    }
  }

  private TorchScript compile(Code code) {
    return TorchScript.of(manager, List.of(ScriptWriter.ARGUMENTS), code.lines(), code.results());
  }

  @Override
  public void close() {
    scripts.values().forEach(TorchScript::close);
  }
}
