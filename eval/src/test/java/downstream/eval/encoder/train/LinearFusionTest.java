package downstream.eval.encoder.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.EncoderFileTest;
import downstream.eval.encoder.RelativeError;
import downstream.eval.encoder.operators.Node;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LinearFusionTest {
  private final EncoderFile file = EncoderFileTest.small(3);

  private List<Node> fused(String... kept) {
    return Fusion.fuse(file.graph().nodes(), Map.of(), Set.of(kept));
  }

  private static long count(List<Node> nodes, String operator) {
    return nodes.stream().filter(node -> node.operator().equals(operator)).count();
  }

  @Test
  void a_product_and_its_bias_run_as_one() {
    assertThat(count(file.graph().nodes(), "MatMul")).isEqualTo(2 * 6);
    assertThat(count(fused(), "Gemm")).isEqualTo(2 * 4);
    assertThat(fused())
        .filteredOn(node -> node.operator().equals("Gemm"))
        .first()
        .extracting(Node::inputs, Node::output)
        .containsExactly(
            List.of(
                "blocks.0.norm1", "blocks.0.attention.qkv.weight", "blocks.0.attention.qkv.bias"),
            "blocks.0.attention.qkv");
  }

  @Test
  void fetched_products_stay() {
    assertThat(count(fused("blocks.1.mlp.fc2.product"), "Gemm")).isEqualTo(2 * 4 - 1);
  }

  @Test
  void a_residual_added_to_a_product_without_bias_stays() {
    Node product = node("MatMul", List.of("y", "w"), "p");
    Node sum = node("Add", List.of("p", "y"), "z");
    Node before = node("Relu", List.of("x"), "y");
    List<Node> nodes = List.of(before, product, sum);
    assertThat(Fusion.fuse(nodes, Map.of(), Set.of("z"))).isEqualTo(nodes);
  }

  private static Node node(String operator, List<String> inputs, String output) {
    return new Node(operator, 17, inputs, List.of(output), Map.of());
  }

  @Test
  void gives_the_numbers_of_the_two() {
    List<String> products =
        file.graph().nodes().stream()
            .map(Node::output)
            .filter(name -> name.endsWith(".product"))
            .toList();
    List<String> open = new java.util.ArrayList<>(products);
    open.add("latent");
    try (NDManager manager = NDManager.newBaseManager()) {
      TrainableEncoder block = new TrainableEncoder(file, manager);
      ParameterStore store = new ParameterStore(manager, false);
      NDArray images = manager.randomNormal(new Shape(2, 3, 32, 32));
      Map<String, NDArray> feeds = Map.of("images", images);
      NDArray apart = Objects.requireNonNull(block.run(store, feeds, open, false).get("latent"));
      NDArray together = block.fetch(store, feeds, "latent", false);
      assertThat(RelativeError.of(together.toFloatArray(), apart.toFloatArray())).isLessThan(1e-5);
    }
  }
}
