package downstream.eval.encoder.train;

import downstream.eval.encoder.graph.GraphWriter;
import downstream.eval.encoder.graph.ValueUses;
import downstream.eval.encoder.operators.Node;
import downstream.eval.encoder.operators.Operators;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * softmax(q kᵀ · scale + mask) v (Vaswani et al., 2017) in three to five nodes: MatMul, Mul or Div
 * by a number, Add, Softmax, MatMul. It runs as one kernel, which need not keep the T × S weights.
 */
final class AttentionFusion implements Fusion {
  @Override
  public String start() {
    return "Softmax";
  }

  @Override
  public Optional<Match> match(Node softmax, ValueUses wiring) {
    Optional<Node> mixed =
        wiring
            .onlyReader(softmax, "MatMul")
            .filter(node -> node.inputs().get(0).equals(softmax.output()))
            .filter(node -> !node.inputs().get(1).equals(softmax.output()));
    if (softmax.integer("axis", softmax.opset() < 13 ? 1 : -1) != -1 || mixed.isEmpty()) {
      return Optional.empty();
    }
    return Stream.of(0, 1)
        .flatMap(slot -> masked(softmax, mixed.get(), slot, wiring).stream())
        .findFirst()
        .or(() -> scaled(softmax, softmax, 0, wiring).map(scores -> scores.fused(mixed.get())));
  }

  /** The pattern with a mask, whose other operand is the scores in this slot. */
  private static Optional<Match> masked(Node softmax, Node mixed, int slot, ValueUses wiring) {
    return wiring
        .producer(softmax, 0, "Add")
        .filter(sum -> wiring.onlyReader(sum).isPresent())
        .filter(sum -> !sum.inputs().get(0).equals(sum.inputs().get(1)))
        .flatMap(
            sum ->
                scaled(softmax, sum, slot, wiring)
                    .map(scores -> scores.masked(sum, sum.inputs().get(1 - slot)).fused(mixed)));
  }

  /** The scores that {@code reader} has in this slot, times a number or not. */
  private static Optional<Scores> scaled(Node softmax, Node reader, int slot, ValueUses wiring) {
    Optional<Node> plain = wiring.producer(reader, slot, "MatMul").filter(inner(wiring));
    if (plain.isPresent()) {
      return plain.map(
          product -> new Scores(product, List.of(product), 1, softmax, Optional.empty()));
    }
    return wiring
        .producer(reader, slot)
        .filter(inner(wiring))
        .filter(node -> !Float.isNaN(factor(node, wiring)))
        .flatMap(
            node ->
                wiring
                    .producer(node, 0, "MatMul")
                    .filter(inner(wiring))
                    .map(
                        product ->
                            new Scores(
                                product,
                                List.of(product, node),
                                factor(node, wiring),
                                softmax,
                                Optional.empty())));
  }

  private static Predicate<Node> inner(ValueUses wiring) {
    return node -> wiring.onlyReader(node).isPresent();
  }

  private static float factor(Node node, ValueUses wiring) {
    return switch (node.operator()) {
      case "Mul" -> wiring.scalar(node, 1);
      case "Div" -> 1 / wiring.scalar(node, 1);
      default -> Float.NaN;
    };
  }

  /**
   * Scores that a softmax turns into weights.
   *
   * @param product q kᵀ
   * @param nodes that compute the scores, in order
   * @param scale they are multiplied by
   * @param mask that is added
   */
  private record Scores(
      Node product, List<Node> nodes, float scale, Node softmax, Optional<String> mask) {
    Scores masked(Node sum, String values) {
      List<Node> more = new ArrayList<>(nodes);
      more.add(sum);
      return new Scores(product, more, scale, softmax, Optional.of(values));
    }

    Match fused(Node mixed) {
      List<String> inputs = new ArrayList<>(product.inputs());
      inputs.add(mixed.inputs().get(1));
      mask.ifPresent(inputs::add);
      List<Node> replaced = new ArrayList<>(nodes);
      replaced.add(softmax);
      replaced.add(mixed);
      Node attention =
          new Node(
              Operators.ATTENTION,
              mixed.opset(),
              inputs,
              mixed.outputs(),
              Map.of("scale", GraphWriter.attribute("scale", scale)));
      return new Match(replaced, attention);
    }
  }
}
