package downstream.eval.encoder;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import downstream.eval.Digest;
import downstream.eval.Json;
import downstream.eval.encoder.graph.Graph;
import downstream.eval.encoder.operators.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Structure of an encoder, without the values of its weights. */
final class Architecture {
  private Architecture() {}

  /**
   * Digest over nodes, spec and constants; of float constants of more than one element, which is
   * what training moves, over their shapes alone.
   */
  static String digest(EncoderFile file) {
    Digest digest = new Digest().add(Integer.toString(file.opset()));
    digest.add(file.hasSpec() ? Json.canonical(file.spec()) : "");
    for (NodeProto node : file.model().getGraph().getNodeList()) {
      // New weights turn an Identity of a constant into a constant of its own.
      if (!List.of("Constant", "Identity").contains(node.getOpType())) {
        digest.add(resolved(node, file.graph()).toByteArray());
      }
    }
    Map<String, TensorProto> constants = new TreeMap<>(file.graph().constants());
    constants.forEach((name, tensor) -> digest.add(name).add(describe(tensor)));
    return digest.hex();
  }

  private static NodeProto resolved(NodeProto node, Graph graph) {
    List<String> inputs = node.getInputList().stream().map(graph::resolve).toList();
    return node.toBuilder().clearInput().addAllInput(inputs).clearName().clearDocString().build();
  }

  private static String describe(TensorProto tensor) {
    String shape = tensor.getDataType() + Arrays.toString(Tensors.shape(tensor));
    boolean learnt = Tensors.isFloat(tensor) && Tensors.size(tensor) > 1;
    return learnt ? shape : shape + Arrays.toString(Tensors.numbers(tensor));
  }

  /** The model without anything that says which training it comes from, its weights aside. */
  static ModelProto anonymous(ModelProto model) {
    GraphProto graph = model.getGraph().toBuilder().setName("encoder").clearDocString().build();
    return model.toBuilder().setGraph(graph).clearMetadataProps().clearDocString().build();
  }
}
