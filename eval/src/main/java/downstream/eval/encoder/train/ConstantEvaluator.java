package downstream.eval.encoder.train;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.ByteString;
import downstream.eval.BadInput;
import downstream.eval.encoder.graph.Graph;
import downstream.eval.encoder.operators.Node;
import downstream.eval.encoder.operators.Operands;
import downstream.eval.encoder.operators.Tensors;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The values of a graph that depend on neither the image nor a weight once the images' shape is
 * known: shapes, indices, attention masks. ONNX Runtime computes each when it is first asked for,
 * so every operator and type is at hand.
 */
final class ConstantEvaluator {
  private final Graph graph;
  private final Map<String, TensorProto> known;

  ConstantEvaluator(Graph graph) {
    this.graph = graph;
    this.known = new HashMap<>(graph.constants());
  }

  /** Tells the shape of a live value: Shape and Size of it are static. */
  void shape(String live, long[] shape) {
    for (Node node : graph.shapeReaders(live)) {
      if (node.operator().equals("Shape")) {
        int from = Operands.axis(clamp(node.integer("start", 0), shape.length), shape.length);
        int to =
            Operands.axis(clamp(node.integer("end", shape.length), shape.length), shape.length);
        long[] part = Arrays.copyOfRange(shape, from, Math.max(from, to));
        known.put(node.output(), Tensors.of(node.output(), part, part.length));
      } else if (node.operator().equals("Size")) {
        known.put(node.output(), Tensors.of(node.output(), new long[] {Tensors.size(shape)}));
      }
    }
  }

  private static long clamp(long axis, int rank) {
    return Math.max(-rank, Math.min(rank, axis));
  }

  /**
   * @param value neither live nor a weight
   * @throws BadInput if ONNX Runtime cannot compute it
   */
  TensorProto get(String value) {
    TensorProto found = known.get(value);
    if (found == null) {
      compute(value);
      found = Objects.requireNonNull(known.get(value));
    }
    return found;
  }

  private void compute(String value) {
    List<Node> nodes = graph.leadingTo(Set.of(value), known.keySet());
    GraphProto.Builder part = GraphProto.newBuilder().setName("static");
    Set<String> leaves = new HashSet<>();
    for (Node node : nodes) {
      part.addNode(node.proto());
      leaves.addAll(node.inputs());
    }
    leaves.stream().map(known::get).filter(Objects::nonNull).forEach(part::addInitializer);
    part.addOutput(ValueInfoProto.newBuilder().setName(value));
    ModelProto model =
        ModelProto.newBuilder()
            .setIrVersion(Math.max(4, graph.model().getIrVersion()))
            .addAllOpsetImport(graph.model().getOpsetImportList())
            .setGraph(part)
            .build();
    known.put(value, run(model, value));
  }

  private static TensorProto run(ModelProto model, String value) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      try (OrtSession session = environment.createSession(model.toByteArray(), options);
          OrtSession.Result result = session.run(Map.of())) {
        return tensor(value, result.get(0));
      }
    } catch (OrtException e) {
      throw new BadInput(
          "value '" + value + "'",
          "cannot be computed from the shape of the images: " + e.getMessage(),
          "Export the encoder with constant shapes",
          e);
    }
  }

  private static TensorProto tensor(String name, OnnxValue value) throws OrtException {
    if (!(value instanceof OnnxTensor tensor)) {
      throw new OrtException("it is not a tensor but " + value.getType());
    }
    TensorProto.Builder copy =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(Tensors.type(tensor.getInfo().type))
            .setRawData(ByteString.copyFrom(tensor.getByteBuffer()));
    for (long dimension : tensor.getInfo().getShape()) {
      copy.addDims(dimension);
    }
    return copy.build();
  }
}
