package downstream.eval.encoder.train;

import downstream.eval.encoder.graph.GraphWriter;
import downstream.eval.encoder.graph.ValueUses;
import downstream.eval.encoder.operators.Node;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * (x − mean) / √(variance + ε) · scale + shift over the last dimension (Ba et al., 2016) in nine
 * nodes, as exporters write it before operator set 17.
 */
final class LayerNormFusion implements Fusion {
  @Override
  public String start() {
    return "Sqrt";
  }

  @Override
  public Optional<Match> match(Node root, ValueUses wiring) {
    Optional<Node> quotient = wiring.onlyReader(root, "Div");
    Optional<Node> scaled = quotient.flatMap(node -> wiring.onlyReader(node, "Mul"));
    Optional<Node> shifted = scaled.flatMap(node -> wiring.onlyReader(node, "Add"));
    Optional<Node> guarded = wiring.producer(root, 0, "Add");
    Optional<Node> variance =
        guarded.flatMap(node -> wiring.producer(node, 0, "ReduceMean")).filter(this::overLast);
    Optional<Node> square = variance.flatMap(node -> wiring.producer(node, 0, "Pow"));
    Optional<Node> centred = square.flatMap(node -> wiring.producer(node, 0, "Sub"));
    Optional<Node> mean =
        centred.flatMap(node -> wiring.producer(node, 1, "ReduceMean")).filter(this::overLast);
    if (shifted.isEmpty() || mean.isEmpty()) {
      return Optional.empty();
    }
    Parts parts =
        new Parts(
            mean.get(),
            centred.get(),
            square.get(),
            variance.get(),
            guarded.get(),
            root,
            quotient.get(),
            scaled.get(),
            shifted.get());
    return parts.areLayerNorm(wiring)
        ? Optional.of(new Match(parts.all(), parts.fused(wiring)))
        : Optional.empty();
  }

  private boolean overLast(Node mean) {
    return Arrays.equals(mean.integers("axes"), new long[] {-1})
        && mean.integer("keepdims", 1) == 1;
  }

  /** The nine nodes in the order in which they run. */
  private record Parts(
      Node mean,
      Node centred,
      Node square,
      Node variance,
      Node guarded,
      Node root,
      Node quotient,
      Node scaled,
      Node shifted) {

    List<Node> all() {
      return List.of(mean, centred, square, variance, guarded, root, quotient, scaled, shifted);
    }

    boolean areLayerNorm(ValueUses wiring) {
      return mean.inputs().get(0).equals(centred.inputs().get(0))
          && quotient.inputs().get(0).equals(centred.output())
          && wiring.scalar(square, 1) == 2
          && !Float.isNaN(wiring.scalar(guarded, 1))
          && wiring.readOnlyBy(centred, Set.of(square, quotient))
          && List.of(mean, square, variance, guarded).stream()
              .allMatch(node -> wiring.onlyReader(node).isPresent());
    }

    Node fused(ValueUses wiring) {
      return new Node(
          "LayerNormalization",
          17,
          List.of(
              centred.inputs().get(0),
              other(scaled, quotient.output()),
              other(shifted, scaled.output())),
          shifted.outputs(),
          Map.of(
              "axis",
              GraphWriter.attribute("axis", -1L),
              "epsilon",
              GraphWriter.attribute("epsilon", wiring.scalar(guarded, 1))));
    }

    private static String other(Node node, String input) {
      return node.inputs().get(node.inputs().get(0).equals(input) ? 1 : 0);
    }
  }
}
