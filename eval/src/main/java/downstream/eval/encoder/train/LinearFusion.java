package downstream.eval.encoder.train;

import downstream.eval.encoder.graph.ValueUses;
import downstream.eval.encoder.operators.Node;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * x · W + b with two constants: a MatMul that only an Add reads. It runs as a Gemm, here of any
 * rank, which adds the bias while it writes the product.
 */
final class LinearFusion implements Fusion {
  @Override
  public String start() {
    return "MatMul";
  }

  @Override
  public Optional<Match> match(Node product, ValueUses wiring) {
    return wiring
        .onlyReader(product, "Add")
        .filter(sum -> wiring.producer(product, 1).isEmpty())
        .flatMap(sum -> match(product, sum, wiring));
  }

  private static Optional<Match> match(Node product, Node sum, ValueUses wiring) {
    int slot = sum.inputs().get(0).equals(product.output()) ? 1 : 0;
    String bias = sum.inputs().get(slot);
    if (bias.equals(product.output()) || wiring.producer(sum, slot).isPresent()) {
      return Optional.empty();
    }
    List<String> inputs = List.of(product.inputs().get(0), product.inputs().get(1), bias);
    Node linear = new Node("Gemm", product.opset(), inputs, sum.outputs(), Map.of());
    return Optional.of(new Match(List.of(product, sum), linear));
  }
}
