package downstream.eval.encoder.graph;

import ai.onnx.proto.OnnxMl.TensorProto;
import downstream.eval.encoder.operators.Node;
import downstream.eval.encoder.operators.Tensors;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToDoubleFunction;

/** Tells which constants of a graph are weights, to be trained, and which are buffers. */
public final class Weights {
  /** Operators that hand a weight on in another form. */
  public static final Set<String> VIEWS =
      Set.of(
          "Cast",
          "Expand",
          "Flatten",
          "Reshape",
          "Slice",
          "Split",
          "Squeeze",
          "Tile",
          "Transpose",
          "Unsqueeze");

  /** Operators that normalise and then scale and shift. */
  static final Set<String> NORMS =
      Set.of(
          "LayerNormalization",
          "GroupNormalization",
          "InstanceNormalization",
          "BatchNormalization");

  /** Operators that multiply with a kernel or matrix of weights. */
  public static final Set<String> PRODUCTS =
      Set.of("Conv", "ConvTranspose", "Einsum", "Gemm", "MatMul");

  private static final float MASKED = -100;

  private final Set<String> fromImage;
  private final ValueUses uses;

  private Weights(Graph graph) {
    this.fromImage = graph.dependents(Set.of(graph.input().getName()));
    this.uses = new ValueUses(graph.nodes(), Map.of(), Set.of());
  }

  /**
   * The weights in graph order, with their number of elements: float tensors of more than one
   * element that stand in a weight slot (an operand of a convolution or matrix product, scale and
   * bias of a norm, a slope, a broadcast Add or Mul of rank ≥ 1 or a Concat with what comes from
   * the image, the table of a Gather), straight or through reshapes, that the spec does not declare
   * a buffer and that are no attention mask (0 and at most −100).
   */
  public static Map<String, Long> names(Graph graph, Set<String> buffers) {
    Weights weights = new Weights(graph);
    Map<String, Long> names = new LinkedHashMap<>();
    graph
        .constants()
        .forEach(
            (name, tensor) -> {
              if (!buffers.contains(name) && weights.isWeight(name, tensor)) {
                names.put(name, Tensors.size(tensor));
              }
            });
    return names;
  }

  /** The weights that {@code fetches} depend on, in graph order. */
  public static Set<String> behind(Graph graph, Set<String> buffers, List<String> fetches) {
    Set<String> read = new HashSet<>();
    Set<String> wanted = new HashSet<>();
    fetches.forEach(fetch -> wanted.add(graph.resolve(fetch)));
    graph.leadingTo(wanted, Set.of()).forEach(node -> read.addAll(node.inputs()));
    Set<String> names = new LinkedHashSet<>(names(graph, buffers).keySet());
    names.retainAll(read);
    return names;
  }

  private boolean isWeight(String name, TensorProto tensor) {
    return Tensors.isFloat(tensor)
        && Tensors.size(tensor) > 1
        && isUsedAsWeight(name, tensor.getDimsCount())
        && !isMask(tensor);
  }

  private boolean isUsedAsWeight(String value, int rank) {
    return uses.readers(value).stream()
        .anyMatch(
            node ->
                inWeightSlot(node, value, rank)
                    || (VIEWS.contains(node.operator())
                        && node.inputs().get(0).equals(value)
                        && node.outputs().stream().anyMatch(out -> isUsedAsWeight(out, rank))));
  }

  private boolean inWeightSlot(Node node, String value, int rank) {
    int slot = node.inputs().indexOf(value);
    return switch (node.operator()) {
      case "Gather" -> slot == 0;
      case "Conv", "ConvTranspose", "PRelu" -> slot > 0;
      case "Gemm", "MatMul", "Einsum", "Concat" -> readsImage(node);
      case "Add", "Mul" -> rank >= 1 && readsImage(node);
      default -> NORMS.contains(node.operator()) && (slot == 1 || slot == 2);
    };
  }

  private boolean readsImage(Node node) {
    return node.inputs().stream().anyMatch(fromImage::contains);
  }

  /** Tells whether a constant is a mask, mostly by its first element: weights may be many. */
  private static boolean isMask(TensorProto tensor) {
    IntToDoubleFunction elements = Tensors.elements(tensor);
    long size = Tensors.size(tensor);
    boolean masked = false;
    for (int i = 0; i < size; i++) {
      double value = elements.applyAsDouble(i);
      if (value != 0 && value > MASKED) {
        return false;
      }
      masked |= value != 0;
    }
    return masked;
  }
}
