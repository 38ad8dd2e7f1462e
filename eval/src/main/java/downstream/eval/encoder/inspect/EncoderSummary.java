package downstream.eval.encoder.inspect;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.KeyCase;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.graph.FlopCounter;
import downstream.eval.encoder.graph.Graph;
import downstream.eval.encoder.rewrite.EncoderRewrites;
import downstream.eval.encoder.runtime.ValueShapes;
import downstream.eval.encoder.train.Program;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Summary of an encoder's file, for the terminal and for {@code run.json}. */
public final class EncoderSummary {
  private EncoderSummary() {}

  /**
   * Name, digests, opset, operators, inputs, outputs, parameters, buffers, spec (null if absent)
   * and provenance.
   */
  public static ObjectNode of(EncoderFile file) {
    ModelProto model = file.model();
    GraphProto graph = model.getGraph();
    Map<String, Long> operators =
        graph.getNodeList().stream()
            .collect(
                Collectors.groupingBy(
                    node -> node.getOpType(), TreeMap::new, Collectors.counting()));
    ObjectNode summary = Json.MAPPER.createObjectNode();
    summary.put("name", file.name());
    summary.put("sha256", file.sha256());
    summary.put("digest", file.digest());
    summary.put("bytes", model.getSerializedSize());
    summary.put("opset", file.opset());
    summary.put("parameters", file.parameters());
    summary.put("weights", file.weights().size());
    summary.set("inputs", Json.MAPPER.valueToTree(values(graph.getInputList())));
    summary.set("outputs", Json.MAPPER.valueToTree(values(graph.getOutputList())));
    summary.set("operators", Json.MAPPER.valueToTree(operators));
    summary.set(
        "spec",
        file.hasSpec()
            ? KeyCase.snake(Json.MAPPER.<JsonNode>valueToTree(file.spec()))
            : Json.MAPPER.nullNode());
    summary.set("provenance", file.provenance());
    summary.set("notes", Json.MAPPER.valueToTree(file.notes()));
    return summary;
  }

  /**
   * Summary as {@link #of} gives it, with what a forward pass of one image costs: floating-point
   * operations (a multiplication and its addition are two) to the levels and to all outputs, and
   * how many nodes of the file a training step runs. For a file without a spec, {@code proposed}
   * holds one.
   *
   * @param size side of the images in pixels, one that the file takes
   * @throws downstream.eval.BadInput if an operator of the file cannot be trained
   */
  public static ObjectNode of(EncoderFile file, int size) {
    ObjectNode summary = of(file);
    EncoderFile sized = file.hasSpec() ? EncoderRewrites.atSize(file, size) : file;
    Map<String, long[]> shapes = ValueShapes.of(sized, size);
    if (file.hasSpec()) {
      addCost(summary, sized, size, shapes);
    } else {
      EncoderSpec proposed = SpecProposal.of(file, size, shapes);
      addCost(summary, file.withSpec(proposed), size, shapes);
      summary.set("proposed", KeyCase.snake(Json.MAPPER.<JsonNode>valueToTree(proposed)));
    }
    return summary;
  }

  /**
   * Returns the cost of a forward pass of one image to the feature levels, at the spec's image
   * size: floating-point operations, a multiplication and its addition being two.
   */
  public static long flopsToLevels(EncoderFile file) {
    Graph graph = file.graph();
    FlopCounter flops = new FlopCounter(graph, ValueShapes.of(file, file.spec().imageSize()));
    return flops.to(new HashSet<>(graph.resolved(file.levelValues())))
        / Math.max(1, graph.fixedBatch());
  }

  private static void addCost(
      ObjectNode summary, EncoderFile file, int size, Map<String, long[]> shapes) {
    Graph graph = file.graph();
    FlopCounter flops = new FlopCounter(graph, shapes);
    long batch = Math.max(1, graph.fixedBatch());
    List<String> levels = file.levelValues();
    summary.put("image_size", size);
    summary.put("flops", flops.to(new HashSet<>(graph.resolved(graph.outputs()))) / batch);
    summary.put("flops_to_levels", flops.to(new HashSet<>(graph.resolved(levels))) / batch);
    summary.put("nodes", file.model().getGraph().getNodeCount());
    Set<String> images = Set.of(graph.input().getName());
    Set<String> weights = file.weights().keySet();
    summary.put("nodes_per_step", Program.of(file.name(), graph, weights, images, levels).size());
  }

  private static Map<String, String> values(List<ValueInfoProto> values) {
    Map<String, String> shapes = new TreeMap<>();
    values.forEach(value -> shapes.put(value.getName(), shape(value)));
    return shapes;
  }

  private static String shape(ValueInfoProto value) {
    return value.getType().getTensorType().getShape().getDimList().stream()
        .map(EncoderSummary::dimension)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String dimension(TensorShapeProto.Dimension dimension) {
    return dimension.hasDimValue()
        ? Long.toString(dimension.getDimValue())
        : dimension.getDimParam();
  }
}
