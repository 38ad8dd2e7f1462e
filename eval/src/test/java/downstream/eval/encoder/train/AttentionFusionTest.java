package downstream.eval.encoder.train;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.encoder.graph.GraphWriter;
import downstream.eval.encoder.operators.Node;
import downstream.eval.encoder.operators.Operators;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AttentionFusionTest {
  private static final Map<String, Float> SCALARS = Map.of("eight", 8f);
  private static final Node SCORES = node("MatMul", List.of("q", "k"), "scores");
  private static final Node MIXED = node("MatMul", List.of("weights", "v"), "mixed");

  private static Node node(String operator, List<String> inputs, String output) {
    return new Node(operator, 17, inputs, List.of(output), Map.of());
  }

  private static Node softmax(String scores, long axis) {
    return new Node(
        "Softmax",
        17,
        List.of(scores),
        List.of("weights"),
        Map.of("axis", GraphWriter.attribute("axis", axis)));
  }

  private static List<Node> fuse(Node... nodes) {
    return Fusion.fuse(List.of(nodes), SCALARS, Set.of("mixed"));
  }

  @Test
  void plain_attention_is_one_node() {
    assertThat(fuse(SCORES, softmax("scores", -1), MIXED))
        .singleElement()
        .satisfies(
            node -> {
              assertThat(node.operator()).isEqualTo(Operators.ATTENTION);
              assertThat(node.inputs()).containsExactly("q", "k", "v");
              assertThat(node.outputs()).containsExactly("mixed");
              assertThat(node.number("scale", 0)).isEqualTo(1);
            });
  }

  @Test
  void a_number_that_scores_are_divided_by_is_its_scale() {
    Node scaled = node("Div", List.of("scores", "eight"), "scaled");
    assertThat(fuse(SCORES, scaled, softmax("scaled", -1), MIXED))
        .singleElement()
        .satisfies(node -> assertThat(node.number("scale", 0)).isEqualTo(0.125f));
  }

  @Test
  void a_mask_may_stand_on_either_side_of_the_sum() {
    Node scaled = node("Mul", List.of("scores", "eight"), "scaled");
    for (List<String> order : List.of(List.of("scaled", "mask"), List.of("mask", "scaled"))) {
      Node sum = node("Add", order, "sum");
      assertThat(fuse(SCORES, scaled, sum, softmax("sum", -1), MIXED))
          .singleElement()
          .satisfies(
              node -> {
                assertThat(node.inputs()).containsExactly("q", "k", "v", "mask");
                assertThat(node.number("scale", 0)).isEqualTo(8);
              });
    }
  }

  @Test
  void another_axis_stays_as_it_is() {
    assertThat(fuse(SCORES, softmax("scores", 1), MIXED)).hasSize(3);
  }

  @Test
  void weights_that_somebody_else_reads_stay_as_they_are() {
    Node reader = node("Relu", List.of("weights"), "seen");
    assertThat(fuse(SCORES, softmax("scores", -1), MIXED, reader)).hasSize(4);
  }

  @Test
  void scores_that_are_scaled_by_a_value_stay_as_they_are() {
    Node scaled = node("Mul", List.of("scores", "temperature"), "scaled");
    assertThat(fuse(SCORES, scaled, softmax("scaled", -1), MIXED)).hasSize(4);
  }
}
