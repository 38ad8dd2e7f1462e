package downstream.eval.encoder.graph;

import downstream.eval.encoder.operators.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Index of the node that computes each value of a list of nodes and those that read it: what
 * patterns are matched on.
 */
public final class ValueUses {
  private final Map<String, Node> producers = new HashMap<>();
  private final Map<String, List<Node>> readers = new HashMap<>();
  private final Map<String, Float> scalars;
  private final Set<String> kept;

  /**
   * @param scalars the constants of one element
   * @param kept values that must stay available under their name
   */
  public ValueUses(List<Node> nodes, Map<String, Float> scalars, Set<String> kept) {
    this.scalars = scalars;
    this.kept = kept;
    for (Node node : nodes) {
      node.outputs().forEach(output -> producers.put(output, node));
      node.inputs().stream()
          .distinct()
          .forEach(input -> readers.computeIfAbsent(input, v -> new ArrayList<>()).add(node));
    }
  }

  /** The nodes that read a value, each once. */
  List<Node> readers(String value) {
    return readers.getOrDefault(value, List.of());
  }

  /** The node that computes this input of {@code node}. */
  public Optional<Node> producer(Node node, int slot) {
    return slot < node.inputs().size()
        ? Optional.ofNullable(producers.get(node.inputs().get(slot)))
        : Optional.empty();
  }

  /** Producer as {@link #producer} gives it, if it is of this operator. */
  public Optional<Node> producer(Node node, int slot, String operator) {
    return producer(node, slot).filter(found -> found.operator().equals(operator));
  }

  /** The node that reads this node's only output, if there is one and nobody else needs it. */
  public Optional<Node> onlyReader(Node node) {
    List<Node> found = readers(node.output());
    return found.size() == 1 && !kept.contains(node.output())
        ? Optional.of(found.get(0))
        : Optional.empty();
  }

  /** Reader as {@link #onlyReader} gives it, if it is of this operator. */
  public Optional<Node> onlyReader(Node node, String operator) {
    return onlyReader(node).filter(found -> found.operator().equals(operator));
  }

  /** Tells whether only {@code allowed} nodes read this node's output. */
  public boolean readOnlyBy(Node node, Set<Node> allowed) {
    return !kept.contains(node.output()) && allowed.containsAll(readers(node.output()));
  }

  /** The constant of one element in this slot, or NaN. */
  public float scalar(Node node, int slot) {
    return slot < node.inputs().size()
        ? scalars.getOrDefault(node.inputs().get(slot), Float.NaN)
        : Float.NaN;
  }

  /** Tells whether one of the inputs is this constant. */
  public boolean hasScalar(Node node, float value) {
    return scalar(node, 0) == value || scalar(node, 1) == value;
  }
}
