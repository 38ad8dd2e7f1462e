package downstream.eval.encoder.train;

import downstream.eval.encoder.graph.ValueUses;
import downstream.eval.encoder.operators.Node;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** x/2 · (1 + erf(x/√2)), the exact GELU (Hendrycks and Gimpel, 2016), in five nodes. */
final class GeluFusion implements Fusion {
  @Override
  public String start() {
    return "Erf";
  }

  @Override
  public Optional<Match> match(Node erf, ValueUses wiring) {
    Optional<Node> scaled = wiring.producer(erf, 0).filter(node -> dividesBySqrt2(node, wiring));
    Optional<Node> shifted =
        wiring.onlyReader(erf, "Add").filter(node -> wiring.hasScalar(node, 1));
    Optional<Node> first = shifted.flatMap(node -> wiring.onlyReader(node, "Mul"));
    Optional<Node> second = first.flatMap(node -> wiring.onlyReader(node, "Mul"));
    if (scaled.isEmpty() || second.isEmpty() || wiring.onlyReader(scaled.get()).isEmpty()) {
      return Optional.empty();
    }
    String x = scaled.get().inputs().get(0);
    Node product = first.get();
    Node last = second.get();
    boolean halfLast = product.inputs().contains(x) && wiring.hasScalar(last, 0.5f);
    boolean halfFirst = last.inputs().contains(x) && wiring.hasScalar(product, 0.5f);
    if (!halfLast && !halfFirst) {
      return Optional.empty();
    }
    Node gelu = new Node("Gelu", 20, List.of(x), last.outputs(), Map.of());
    return Optional.of(new Match(List.of(scaled.get(), erf, shifted.get(), product, last), gelu));
  }

  private static boolean dividesBySqrt2(Node node, ValueUses wiring) {
    float factor = wiring.scalar(node, 1);
    double divisor =
        switch (node.operator()) {
          case "Mul" -> 1 / factor;
          case "Div" -> factor;
          default -> Double.NaN;
        };
    return Math.abs(divisor - Math.sqrt(2)) < 1e-4;
  }
}
