package downstream.eval.encoder.train;

import downstream.eval.encoder.graph.ValueUses;
import downstream.eval.encoder.operators.Node;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Recognises operators that exporters write out in many nodes and runs each as one: the same
 * numbers to rounding, at a fraction of the activations.
 */
interface Fusion {
  /** All there are. */
  List<Fusion> ALL =
      List.of(new GeluFusion(), new LayerNormFusion(), new AttentionFusion(), new LinearFusion());

  /**
   * Pattern that was recognised in the graph.
   *
   * @param replaced the nodes, the one that computes the result last
   * @param by computes the same result
   */
  record Match(List<Node> replaced, Node by) {}

  /** The operator whose nodes are tried as a start. */
  String start();

  /** The pattern around {@code start}, if it is there and nobody else reads its inner values. */
  Optional<Match> match(Node start, ValueUses wiring);

  /** The nodes with every pattern fused, order kept. */
  static List<Node> fuse(List<Node> nodes, Map<String, Float> scalars, Set<String> kept) {
    ValueUses wiring = new ValueUses(nodes, scalars, kept);
    Set<Node> gone = new HashSet<>();
    Map<Node, Node> replacements = new HashMap<>();
    for (Fusion fusion : ALL) {
      nodes.stream()
          .filter(node -> node.operator().equals(fusion.start()))
          .flatMap(node -> fusion.match(node, wiring).stream())
          .forEach(
              match -> {
                gone.addAll(match.replaced());
                replacements.put(match.replaced().get(match.replaced().size() - 1), match.by());
              });
    }
    return nodes.stream()
        .filter(node -> !gone.contains(node) || replacements.containsKey(node))
        .map(node -> Objects.requireNonNullElse(replacements.get(node), node))
        .toList();
  }
}
