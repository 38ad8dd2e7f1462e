package downstream.eval.encoder.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import downstream.eval.encoder.operators.Tensors;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes other values into a graph's constants, wherever the file keeps them: in an initialiser, in
 * a Constant node, or behind an Identity of either, which then becomes an initialiser of its own.
 */
public final class InitializerRewriter {
  private InitializerRewriter() {}

  /**
   * @param weights values by the name under which {@link Graph} knows the constant
   */
  public static GraphProto write(GraphProto graph, Map<String, float[]> weights) {
    Map<String, TensorProto> constants = new HashMap<>();
    GraphProto.Builder changed = graph.toBuilder().clearInitializer().clearNode();
    for (TensorProto tensor : graph.getInitializerList()) {
      TensorProto written = with(tensor, weights.get(tensor.getName()));
      constants.put(tensor.getName(), tensor);
      changed.addInitializer(written);
    }
    for (NodeProto node : graph.getNodeList()) {
      write(node, weights, constants, changed);
    }
    return changed.build();
  }

  private static void write(
      NodeProto node,
      Map<String, float[]> weights,
      Map<String, TensorProto> constants,
      GraphProto.Builder changed) {
    String output = node.getOutput(0);
    float[] values = weights.get(output);
    if (node.getOpType().equals("Constant") && node.getAttribute(0).hasT()) {
      AttributeProto attribute = node.getAttribute(0);
      constants.put(output, attribute.getT());
      changed.addNode(
          node.toBuilder()
              .setAttribute(0, attribute.toBuilder().setT(with(attribute.getT(), values))));
    } else if (node.getOpType().equals("Identity") && constants.containsKey(node.getInput(0))) {
      TensorProto source = constants.get(node.getInput(0));
      constants.put(output, source);
      if (values == null) {
        changed.addNode(node);
      } else {
        changed.addInitializer(with(source.toBuilder().setName(output).build(), values));
      }
    } else {
      changed.addNode(node);
    }
  }

  private static TensorProto with(
      TensorProto tensor, float @org.jspecify.annotations.Nullable [] values) {
    return values == null ? tensor : Tensors.of(tensor.getName(), values, Tensors.shape(tensor));
  }
}
