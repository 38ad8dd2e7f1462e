package downstream.eval.encoder;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One node of an ONNX graph with its attributes by name. An input that is left out is "". */
record Node(
    String operator,
    List<String> inputs,
    List<String> outputs,
    Map<String, AttributeProto> attributes) {
  Node {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = Map.copyOf(attributes);
  }

  static Node of(NodeProto node) {
    Map<String, AttributeProto> attributes =
        node.getAttributeList().stream()
            .collect(Collectors.toMap(AttributeProto::getName, Function.identity()));
    return new Node(node.getOpType(), node.getInputList(), node.getOutputList(), attributes);
  }

  String output() {
    return outputs.get(0);
  }

  long integer(String name, long otherwise) {
    AttributeProto attribute = attributes.get(name);
    return attribute == null ? otherwise : attribute.getI();
  }

  float number(String name, float otherwise) {
    AttributeProto attribute = attributes.get(name);
    return attribute == null ? otherwise : attribute.getF();
  }

  String text(String name, String otherwise) {
    AttributeProto attribute = attributes.get(name);
    return attribute == null ? otherwise : attribute.getS().toStringUtf8();
  }

  /** The attribute's integers, or {@code otherwise}. */
  long[] integers(String name, long... otherwise) {
    AttributeProto attribute = attributes.get(name);
    return attribute == null
        ? otherwise
        : attribute.getIntsList().stream().mapToLong(Long::longValue).toArray();
  }
}
