package downstream.eval.encoder.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import downstream.eval.BadInput;
import downstream.eval.encoder.operators.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A model's graph as the training engine reads it: Constant nodes are constants like initialisers,
 * an Identity of a value is that value under a second name, and an Identity of a constant is a
 * constant of its own. (Exporters merge parameters that happen to be equal, such as all zero biases
 * of a new network, and leave an Identity under each name; training must not tie them. A constant
 * that several nodes read under one name stays one.)
 */
public final class Graph {
  private static final Set<String> SHAPES_ONLY = Set.of("Shape", "Size");

  private final ModelProto model;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, TensorProto> constants = new LinkedHashMap<>();
  private final Map<String, String> aliases = new HashMap<>();
  private final Map<String, List<Node>> shapeReaders = new HashMap<>();
  private final int opset;

  /**
   * @throws BadInput if the model imports no operator set
   */
  public Graph(String file, ModelProto model) {
    this.model = model;
    this.opset =
        model.getOpsetImportList().stream()
            .filter(set -> set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx"))
            .mapToInt(set -> Math.toIntExact(set.getVersion()))
            .findFirst()
            .orElseThrow(
                () ->
                    new BadInput(
                        file, "imports no ONNX operator set", "Export the encoder to ONNX again"));
    model.getGraph().getInitializerList().forEach(t -> constants.put(t.getName(), t));
    for (NodeProto node : model.getGraph().getNodeList()) {
      add(node);
    }
  }

  private void add(NodeProto node) {
    switch (node.getOpType()) {
      case "Constant" -> constants.put(node.getOutput(0), Constants.value(node));
      case "Identity" -> rename(resolve(node.getInput(0)), node.getOutput(0));
      default -> {
        List<String> inputs = node.getInputList().stream().map(this::resolve).toList();
        Node read = Node.of(node.toBuilder().clearInput().addAllInput(inputs).build(), opset);
        nodes.add(read);
        if (SHAPES_ONLY.contains(read.operator())) {
          shapeReaders.computeIfAbsent(inputs.get(0), value -> new ArrayList<>()).add(read);
        }
      }
    }
  }

  private void rename(String source, String output) {
    TensorProto constant = constants.get(source);
    if (constant == null) {
      aliases.put(output, source);
    } else {
      constants.put(output, constant.toBuilder().setName(output).build());
    }
  }

  /** The name under which a value is computed. */
  public String resolve(String value) {
    return aliases.getOrDefault(value, value);
  }

  public List<String> resolved(List<String> values) {
    return values.stream().map(this::resolve).toList();
  }

  public ModelProto model() {
    return model;
  }

  public int opset() {
    return opset;
  }

  /** Counts the nodes with one of these operators. */
  long count(Set<String> operators) {
    return nodes.stream().filter(node -> operators.contains(node.operator())).count();
  }

  /** Every node but Constant and Identity, in topological order. */
  public List<Node> nodes() {
    return nodes;
  }

  /** Initialisers, then values of Constant nodes and their Identities, by name. */
  public Map<String, TensorProto> constants() {
    return constants;
  }

  /** The first input that is not also an initialiser: the images. */
  public ValueInfoProto input() {
    GraphProto graph = model.getGraph();
    return graph.getInputList().stream()
        .filter(input -> !constants.containsKey(input.getName()))
        .findFirst()
        .orElseThrow(
            () -> new BadInput(graph.getName(), "has no input", "Export the encoder again"));
  }

  /** The dimensions of {@link #input}; −1 where the file leaves one free. */
  public long[] inputShape() {
    return input().getType().getTensorType().getShape().getDimList().stream()
        .mapToLong(dimension -> dimension.hasDimValue() ? dimension.getDimValue() : -1)
        .toArray();
  }

  /** The batch that the file fixes, or −1 if it takes any. */
  public long fixedBatch() {
    long[] shape = inputShape();
    return shape.length == 0 || shape[0] <= 0 ? -1 : shape[0];
  }

  /** Names of the graph's outputs. */
  public List<String> outputs() {
    return model.getGraph().getOutputList().stream().map(ValueInfoProto::getName).toList();
  }

  /**
   * All values whose content depends on one of {@code sources}: not those that depend on its shape
   * alone. The sources are among them.
   */
  public Set<String> dependents(Set<String> sources) {
    Set<String> reached = new HashSet<>(sources);
    for (Node node : nodes) {
      if (!SHAPES_ONLY.contains(node.operator())
          && node.inputs().stream().anyMatch(reached::contains)) {
        reached.addAll(node.outputs());
      }
    }
    reached.remove("");
    return reached;
  }

  /** The nodes that ask for the shape of {@code value}. */
  public List<Node> shapeReaders(String value) {
    return shapeReaders.getOrDefault(value, List.of());
  }

  /** The nodes that lead to {@code fetches}, in order; {@code known} values are not followed. */
  public List<Node> leadingTo(Set<String> fetches, Set<String> known) {
    Set<String> wanted = new HashSet<>(fetches);
    List<Node> reversed = new ArrayList<>();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Node node = nodes.get(i);
      if (node.outputs().stream().anyMatch(o -> wanted.contains(o) && !known.contains(o))) {
        reversed.add(node);
        wanted.addAll(node.inputs());
      }
    }
    Collections.reverse(reversed);
    return reversed;
  }

  /** Reads Constant nodes. */
  private static final class Constants {
    static TensorProto value(NodeProto node) {
      AttributeProto attribute = node.getAttribute(0);
      TensorProto.Builder tensor = TensorProto.newBuilder();
      switch (attribute.getName()) {
        case "value" -> tensor.mergeFrom(attribute.getT());
        case "value_float" ->
            tensor.setDataType(TensorProto.DataType.FLOAT_VALUE).addFloatData(attribute.getF());
        case "value_int" ->
            tensor.setDataType(TensorProto.DataType.INT64_VALUE).addInt64Data(attribute.getI());
        case "value_floats" ->
            tensor
                .setDataType(TensorProto.DataType.FLOAT_VALUE)
                .addDims(attribute.getFloatsCount())
                .addAllFloatData(attribute.getFloatsList());
        case "value_ints" ->
            tensor
                .setDataType(TensorProto.DataType.INT64_VALUE)
                .addDims(attribute.getIntsCount())
                .addAllInt64Data(attribute.getIntsList());
        default ->
            throw new BadInput(
                "Constant '" + node.getOutput(0) + "'",
                "keeps its value as " + attribute.getName(),
                "Export it as a dense tensor of numbers");
      }
      return tensor.setName(node.getOutput(0)).build();
    }
  }
}
