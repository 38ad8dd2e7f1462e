package downstream.eval.encoder;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Tells which initialisers of a graph are weights, to be trained, and which are buffers. */
final class Weights {
  private static final Set<String> PRODUCTS =
      Set.of("Conv", "ConvTranspose", "Gemm", "MatMul", "Gather");
  private static final Set<String> NORMS =
      Set.of(
          "LayerNormalization",
          "GroupNormalization",
          "InstanceNormalization",
          "BatchNormalization");
  private static final Set<String> BROADCASTS = Set.of("Add", "Mul");

  private Weights() {}

  /**
   * The weights in graph order, with their number of elements: float tensors of more than one
   * element that stand in a weight slot (an operand of a convolution or matrix product, scale and
   * bias of a norm, a broadcast Add or Mul of rank ≥ 1, the table of a Gather) and that the spec
   * does not declare a buffer.
   */
  static Map<String, Long> names(EncoderFile file) {
    GraphProto graph = file.model().getGraph();
    Set<String> buffers = file.hasSpec() ? file.spec().buffers() : Set.of();
    Map<String, Long> weights = new LinkedHashMap<>();
    for (TensorProto tensor : graph.getInitializerList()) {
      if (mayBeWeight(tensor)
          && !buffers.contains(tensor.getName())
          && graph.getNodeList().stream().anyMatch(node -> inWeightSlot(node, tensor))) {
        weights.put(tensor.getName(), Tensors.size(tensor));
      }
    }
    return weights;
  }

  private static boolean mayBeWeight(TensorProto tensor) {
    return tensor.getDataType() == TensorProto.DataType.FLOAT_VALUE && Tensors.size(tensor) > 1;
  }

  private static boolean inWeightSlot(NodeProto node, TensorProto tensor) {
    int slot = node.getInputList().indexOf(tensor.getName());
    if (slot < 0) {
      return false;
    }
    String operator = node.getOpType();
    return (operator.equals("Gather") && slot == 0)
        || (!operator.equals("Gather") && PRODUCTS.contains(operator))
        || (NORMS.contains(operator) && (slot == 1 || slot == 2))
        || (BROADCASTS.contains(operator) && tensor.getDimsCount() >= 1);
  }
}
