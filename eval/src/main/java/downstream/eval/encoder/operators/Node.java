package downstream.eval.encoder.operators;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.ByteString;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One node of an ONNX graph with its attributes by name. An input or output that is left out is "".
 *
 * @param opset the operator set that the graph imports
 */
public record Node(
    String operator,
    int opset,
    List<String> inputs,
    List<String> outputs,
    Map<String, AttributeProto> attributes) {
  public Node {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = Map.copyOf(attributes);
  }

  public static Node of(NodeProto node, int opset) {
    Map<String, AttributeProto> attributes =
        node.getAttributeList().stream()
            .collect(Collectors.toMap(AttributeProto::getName, Function.identity()));
    boolean standard = node.getDomain().isEmpty() || node.getDomain().equals("ai.onnx");
    String operator = standard ? node.getOpType() : node.getDomain() + "." + node.getOpType();
    return new Node(operator, opset, node.getInputList(), node.getOutputList(), attributes);
  }

  /** The node as ONNX writes it. */
  public NodeProto proto() {
    int dot = operator.lastIndexOf('.');
    return NodeProto.newBuilder()
        .setDomain(dot < 0 ? "" : operator.substring(0, dot))
        .setOpType(operator.substring(dot + 1))
        .addAllInput(inputs)
        .addAllOutput(outputs)
        .addAllAttribute(attributes.values())
        .build();
  }

  public String output() {
    return outputs.get(0);
  }

  public boolean has(String name) {
    return attributes.containsKey(name);
  }

  public long integer(String name, long otherwise) {
    AttributeProto attribute = attributes.get(name);
    return attribute == null ? otherwise : attribute.getI();
  }

  public float number(String name, float otherwise) {
    AttributeProto attribute = attributes.get(name);
    return attribute == null ? otherwise : attribute.getF();
  }

  public String text(String name, String otherwise) {
    AttributeProto attribute = attributes.get(name);
    return attribute == null ? otherwise : attribute.getS().toStringUtf8();
  }

  /** The attribute's integers, or {@code otherwise}. */
  public long[] integers(String name, long... otherwise) {
    AttributeProto attribute = attributes.get(name);
    return attribute == null
        ? otherwise
        : attribute.getIntsList().stream().mapToLong(Long::longValue).toArray();
  }

  /** The attribute's numbers; none if it is missing. */
  public double[] numbers(String name) {
    AttributeProto attribute = attributes.get(name);
    return attribute == null
        ? new double[0]
        : attribute.getFloatsList().stream().mapToDouble(Float::doubleValue).toArray();
  }

  /** The node with a text attribute set. */
  public Node with(String name, String text) {
    Map<String, AttributeProto> changed = new HashMap<>(attributes);
    AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
    changed.put(
        name,
        attribute
            .setType(AttributeProto.AttributeType.STRING)
            .setS(ByteString.copyFromUtf8(text))
            .build());
    return new Node(operator, opset, inputs, outputs, changed);
  }

  /** Operator and first output, as error messages name a node. */
  @Override
  public String toString() {
    return operator + " '" + outputs.get(0) + "'";
  }
}
