package downstream.eval.encoder.runtime;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import downstream.eval.BadInput;
import downstream.eval.encoder.graph.Graph;
import downstream.eval.encoder.graph.GraphWriter;
import downstream.eval.encoder.operators.Node;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs part of a graph in ONNX Runtime: from values that are known to others. */
public final class Subgraph {
  private final Graph graph;
  private final Map<String, TensorProto> constants;

  /**
   * @param constants instead of the graph's own; later changes are seen
   */
  public Subgraph(Graph graph, Map<String, TensorProto> constants) {
    this.graph = graph;
    this.constants = constants;
  }

  /**
   * @param known float32 values by name
   * @throws BadInput if ONNX Runtime refuses the part
   */
  public Map<String, OnnxEncoder.Value> run(
      Map<String, OnnxEncoder.Value> known, List<String> fetches) {
    Map<String, OnnxTensor> feeds = new HashMap<>();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      Set<String> read = new HashSet<>();
      byte[] model = model(known, fetches, read).toByteArray();
      for (String name : read) {
        OnnxEncoder.Value value = known.get(name);
        if (value != null) {
          FloatBuffer data = FloatBuffer.wrap(value.data());
          feeds.put(name, OnnxTensor.createTensor(environment, data, value.shape()));
        }
      }
      try (OrtSession session = environment.createSession(model, options);
          OrtSession.Result result = session.run(feeds)) {
        return values(result, fetches);
      }
    } catch (OrtException e) {
      throw new BadInput(
          graph.model().getGraph().getName(),
          "is refused by ONNX Runtime: " + e.getMessage(),
          "Export it again, with an opset and operators that this ONNX Runtime supports",
          e);
    } finally {
      feeds.values().forEach(OnnxTensor::close);
    }
  }

  private ModelProto model(
      Map<String, OnnxEncoder.Value> known, List<String> fetches, Set<String> read) {
    GraphProto.Builder part = GraphProto.newBuilder().setName("part");
    for (Node node : graph.leadingTo(Set.copyOf(fetches), known.keySet())) {
      part.addNode(node.proto());
      read.addAll(node.inputs());
    }
    for (String name : read) {
      TensorProto constant = constants.get(name);
      if (known.containsKey(name)) {
        part.addInput(GraphWriter.floatValue(name));
      } else if (constant != null) {
        part.addInitializer(constant);
      }
    }
    fetches.forEach(fetch -> part.addOutput(GraphWriter.floatValue(fetch)));
    return graph.model().toBuilder().clearMetadataProps().setGraph(part).build();
  }

  private static Map<String, OnnxEncoder.Value> values(
      OrtSession.Result result, List<String> fetches) throws OrtException {
    Map<String, OnnxEncoder.Value> values = new HashMap<>();
    for (String fetch : fetches) {
      OnnxTensor tensor = (OnnxTensor) result.get(fetch).orElseThrow();
      FloatBuffer buffer = tensor.getFloatBuffer();
      float[] data = new float[buffer.remaining()];
      buffer.get(data);
      values.put(fetch, new OnnxEncoder.Value(tensor.getInfo().getShape(), data));
    }
    return values;
  }
}
