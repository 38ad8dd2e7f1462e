package downstream.eval.encoder.graph;

import downstream.eval.encoder.operators.Node;
import downstream.eval.encoder.operators.Tensors;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Counts the floating-point operations of convolutions and matrix products; a multiplication and
 * its addition are two.
 */
public final class FlopCounter {
  private static final Set<String> COUNTED = Set.of("Conv", "ConvTranspose", "Gemm", "MatMul");

  private final Graph graph;
  private final Function<String, long[]> shapes;

  /**
   * @param shapes of values that depend on the images, as {@code ValueShapes} gives them
   */
  public FlopCounter(Graph graph, Map<String, long[]> shapes) {
    this.graph = graph;
    this.shapes =
        name ->
            graph.constants().containsKey(name)
                ? Tensors.shape(graph.constants().get(name))
                : shapes.getOrDefault(name, new long[0]);
  }

  /** FLOPs of one forward pass from the images to {@code values}, at the batch of the shapes. */
  public long to(Set<String> values) {
    return graph.leadingTo(values, Set.of()).stream()
        .filter(node -> COUNTED.contains(node.operator()))
        .mapToLong(this::of)
        .sum();
  }

  private long of(Node node) {
    long[] left = shapes.apply(node.inputs().get(0));
    long[] right = shapes.apply(node.inputs().get(1));
    long[] result = shapes.apply(node.output());
    if (left.length == 0 || right.length == 0) {
      return 0;
    }
    return switch (node.operator()) {
      case "Conv" -> 2 * Tensors.size(result) * Tensors.size(right) / right[0];
      case "ConvTranspose" -> 2 * Tensors.size(left) * Tensors.size(right) / right[0];
      case "Gemm" -> 2 * Tensors.size(result) * left[node.integer("transA", 0) == 0 ? 1 : 0];
      default -> 2 * Tensors.size(result) * left[left.length - 1];
    };
  }
}
