package downstream.eval.encoder;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Recognises x/2 · (1 + erf(x/√2)) written out in five nodes and runs it as one: the same numbers
 * to rounding, at a quarter of the activations.
 */
final class GeluFusion {
  private final List<Node> nodes;
  private final Map<String, Float> scalars;
  private final Set<String> kept;

  /**
   * @param scalars the constants of one element
   * @param kept values that must stay available under their name
   */
  GeluFusion(List<Node> nodes, Map<String, Float> scalars, Set<String> kept) {
    this.nodes = nodes;
    this.scalars = scalars;
    this.kept = kept;
  }

  /** The nodes with every GELU fused, order kept. */
  List<Node> fuse() {
    Set<Node> gone = new HashSet<>();
    List<Node> fused = new ArrayList<>();
    List<Node> last = new ArrayList<>();
    for (Node node : nodes) {
      if (node.operator().equals("Erf")) {
        match(node)
            .ifPresent(
                chain -> {
                  gone.addAll(chain);
                  last.add(chain.get(chain.size() - 1));
                  fused.add(gelu(chain));
                });
      }
    }
    List<Node> result = new ArrayList<>();
    for (Node node : nodes) {
      int place = last.indexOf(node);
      if (place >= 0) {
        result.add(fused.get(place));
      } else if (!gone.contains(node)) {
        result.add(node);
      }
    }
    return result;
  }

  private static Node gelu(List<Node> chain) {
    String x = chain.get(0).inputs().get(0);
    return new Node(Operators.GELU, List.of(x), chain.get(chain.size() - 1).outputs(), Map.of());
  }

  /**
   * The five nodes from the scaling to the last product, or nothing if the pattern is not there.
   */
  private Optional<List<Node>> match(Node erf) {
    Optional<Node> scaled = producer(erf.inputs().get(0)).filter(this::dividesBySqrt2);
    Optional<Node> shifted =
        onlyConsumer(erf).filter(node -> node.operator().equals("Add") && hasScalar(node, 1));
    Optional<Node> first =
        shifted.flatMap(this::onlyConsumer).filter(node -> node.operator().equals("Mul"));
    Optional<Node> second =
        first.flatMap(this::onlyConsumer).filter(node -> node.operator().equals("Mul"));
    if (scaled.isEmpty() || shifted.isEmpty() || first.isEmpty() || second.isEmpty()) {
      return Optional.empty();
    }
    String x = scaled.get().inputs().get(0);
    Node product = first.get();
    Node last = second.get();
    boolean halfLast = product.inputs().contains(x) && hasScalar(last, 0.5f);
    boolean halfFirst = last.inputs().contains(x) && hasScalar(product, 0.5f);
    return onlyConsumer(scaled.get()).isPresent() && (halfLast || halfFirst)
        ? Optional.of(List.of(scaled.get(), erf, shifted.get(), product, last))
        : Optional.empty();
  }

  private boolean dividesBySqrt2(Node node) {
    float factor =
        scalars.getOrDefault(node.inputs().size() > 1 ? node.inputs().get(1) : "", Float.NaN);
    double divisor =
        node.operator().equals("Mul")
            ? 1 / factor
            : node.operator().equals("Div") ? factor : Double.NaN;
    return Math.abs(divisor - Math.sqrt(2)) < 1e-4;
  }

  private boolean hasScalar(Node node, float value) {
    return node.inputs().stream()
        .anyMatch(input -> scalars.getOrDefault(input, Float.NaN) == value);
  }

  private Optional<Node> producer(String value) {
    return nodes.stream().filter(node -> node.outputs().contains(value)).findFirst();
  }

  private Optional<Node> onlyConsumer(Node node) {
    if (kept.contains(node.output())) {
      return Optional.empty();
    }
    List<Node> consumers =
        nodes.stream().filter(other -> other.inputs().contains(node.output())).toList();
    return consumers.size() == 1 ? Optional.of(consumers.get(0)) : Optional.empty();
  }
}
