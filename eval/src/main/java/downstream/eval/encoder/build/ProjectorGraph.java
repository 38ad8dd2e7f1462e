package downstream.eval.encoder.build;

import static downstream.eval.encoder.graph.GraphWriter.attribute;

import downstream.eval.AtomicFile;
import downstream.eval.encoder.graph.GraphWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes a projector as an ONNX graph of its own, so that ONNX Runtime can follow an encoder with
 * it: linear, batch norm by its running statistics, ReLU, linear; {@code embedding} [N, D] to
 * {@code projection} [N, d].
 */
public final class ProjectorGraph {
  /** The graph's input. */
  public static final String EMBEDDING = "embedding";

  /** The graph's output. */
  public static final String PROJECTION = "projection";

  private ProjectorGraph() {}

  /**
   * Writes the file, whole or not at all.
   *
   * @param weights row-major: {@code linear1.weight} [hidden, D], {@code linear1.bias}, {@code
   *     norm.scale}, {@code norm.shift}, {@code norm.mean}, {@code norm.variance} [hidden], {@code
   *     linear2.weight} [d, hidden]
   * @param in D
   * @param out d
   */
  public static void write(
      Path file, Map<String, float[]> weights, int in, int hidden, int out, float epsilon) {
    GraphWriter graph = new GraphWriter("projector");
    weights.forEach(
        (name, values) -> {
          switch (name) {
            case "linear1.weight" -> graph.weight(name, values, hidden, in);
            case "linear2.weight" -> graph.weight(name, values, out, hidden);
            default -> graph.weight(name, values, Objects.requireNonNull(values).length);
          }
        });
    graph.input(EMBEDDING, -1, in);
    graph.output(PROJECTION, -1, out);
    graph.node(
        "Gemm",
        "linear1",
        List.of(EMBEDDING, "linear1.weight", "linear1.bias"),
        attribute("transB", 1L));
    graph.node(
        "BatchNormalization",
        "norm",
        List.of("linear1", "norm.scale", "norm.shift", "norm.mean", "norm.variance"),
        attribute("epsilon", epsilon));
    graph.node("Relu", "relu", List.of("norm"));
    graph.node("Gemm", PROJECTION, List.of("relu", "linear2.weight"), attribute("transB", 1L));
    AtomicFile.write(file, graph.model().toByteArray());
  }
}
