package downstream.eval.encoder.build;

import static downstream.eval.encoder.graph.GraphWriter.attribute;

import downstream.eval.encoder.graph.GraphWriter;
import java.util.List;

/** Writes the layers that all transformers have. */
final class TransformerParts {
  private final GraphWriter graph;
  private final float epsilon;

  /**
   * @param epsilon of the LayerNorms
   */
  TransformerParts(GraphWriter graph, float epsilon) {
    this.graph = graph;
    this.epsilon = epsilon;
  }

  /** Linear layer with bias 0: [..., in] → [..., out]. */
  String linear(String name, String input, float[] weights, int in, int out) {
    graph.weight(name + ".bias", new float[out], out);
    product(name + ".product", name + ".weight", input, weights, in, out);
    return graph.node("Add", name, List.of(name + ".product", name + ".bias"));
  }

  /** Linear layer without bias. */
  String linearWithoutBias(String name, String input, float[] weights, int in, int out) {
    return product(name, name + ".weight", input, weights, in, out);
  }

  private String product(
      String output, String weight, String input, float[] weights, int in, int out) {
    graph.weight(weight, weights, in, out);
    return graph.node("MatMul", output, List.of(input, weight));
  }

  /** LayerNorm over the last axis. */
  String norm(String name, String input, String output, int width) {
    graph.weight(name + ".weight", WeightInit.constant(1, width), width);
    graph.weight(name + ".bias", new float[width], width);
    return graph.node(
        "LayerNormalization",
        output,
        List.of(input, name + ".weight", name + ".bias"),
        attribute("axis", -1L),
        attribute("epsilon", epsilon));
  }

  String reshape(String output, String input, long... shape) {
    graph.integers(output + ".shape", shape);
    return graph.node("Reshape", output, List.of(input, output + ".shape"));
  }

  String transpose(String output, String input, long... axes) {
    return graph.node("Transpose", output, List.of(input), attribute("perm", axes));
  }
}
