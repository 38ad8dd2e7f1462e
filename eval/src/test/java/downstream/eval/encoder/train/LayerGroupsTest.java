package downstream.eval.encoder.train;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.encoder.TestGraph;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.ResNet;
import downstream.eval.encoder.build.VisionTransformer;
import downstream.eval.encoder.graph.CutPoints;
import downstream.eval.encoder.graph.FlopCounter;
import downstream.eval.encoder.graph.Graph;
import downstream.eval.encoder.inspect.LevelProposal;
import downstream.eval.encoder.runtime.ValueShapes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LayerGroupsTest {
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

  private static EncoderFile resNet() {
    return new ResNet(18, 4).build("r", 64, 1, HALF, HALF, Json.MAPPER.createObjectNode());
  }

  private static EncoderFile transformer() {
    return VisionTransformer.build(
        new VitArchitecture(32, 8, 24, 3, 3, 4),
        "v",
        1,
        HALF,
        HALF,
        Json.MAPPER.createObjectNode());
  }

  /** The layer of each weight; rates of decay ½ are powers of it. */
  private static Map<String, Integer> layerOfWeight(LayerGroups layers) {
    Map<String, Integer> layerOf = new LinkedHashMap<>();
    layers
        .rates(0.5)
        .forEach((w, rate) -> layerOf.put(w, layers.count() - 1 + Math.getExponent(rate)));
    return layerOf;
  }

  private static EncoderFile withoutSpec(EncoderFile file) {
    var bare = file.model().toBuilder().clearMetadataProps().build();
    return EncoderFile.of("bare", bare, file.spec(), Json.MAPPER.createObjectNode());
  }

  @Test
  void a_residual_network_has_its_stem_and_each_block_as_layers_and_five_stages() {
    LayerGroups layers = new LayerGroups(resNet());
    assertThat(layers.count()).isEqualTo(1 + 8);
    assertThat(layerOfWeight(layers)).hasSize(60);
    Map<String, Integer> stages = layers.stageOfWeight();
    assertThat(Set.copyOf(stages.values())).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    assertThat(layerOfWeight(layers).entrySet().stream().filter(e -> e.getValue() == 0)).hasSize(3);
    assertThat(stages.entrySet().stream().filter(e -> e.getValue() == 1)).hasSize(4 * 3);
  }

  @Test
  void a_transformer_has_embedding_blocks_and_last_norm_as_layers_and_as_stages() {
    LayerGroups layers = new LayerGroups(transformer());
    assertThat(layers.count()).isEqualTo(1 + 3 + 1);
    Map<String, Integer> of = layerOfWeight(layers);
    assertThat(of.get("patch_embed.weight")).isZero();
    for (int block = 0; block < 3; block++) {
      String prefix = "blocks." + block + ".";
      int expected = block + 1;
      assertThat(of.entrySet().stream().filter(e -> e.getKey().startsWith(prefix)))
          .hasSize(12)
          .allMatch(e -> e.getValue() == expected);
    }
    assertThat(of.get("norm.weight")).isEqualTo(4);
    assertThat(layers.stageOfWeight()).isEqualTo(of);
  }

  @Test
  void levels_are_proposed_where_the_builders_put_them() {
    EncoderFile resNet = withoutSpec(resNet());
    Graph graph = resNet.graph();
    List<FeatureLevel> found = new LevelProposal(graph, 64, ValueShapes.of(resNet, 64)).levels();
    assertThat(found).isEqualTo(resNet().spec().levels());

    EncoderFile transformer = withoutSpec(transformer());
    assertThat(new LevelProposal(transformer.graph(), 32, ValueShapes.of(transformer, 32)).levels())
        .isEqualTo(transformer().spec().levels());
  }

  @Test
  void operations_of_a_residual_network_are_those_of_its_convolutions() {
    EncoderFile file =
        new ResNet(50, 64).build("r", 224, 1, HALF, HALF, Json.MAPPER.createObjectNode());
    long flops = new FlopCounter(file.graph(), ValueShapes.of(file, 224)).to(Set.of("C5"));
    // 4.089 G multiply-adds with the classifier (torchvision's model card), which has 2.048 M.
    assertThat(flops / 2e9).isCloseTo(4.089 - 0.002, org.assertj.core.data.Offset.offset(0.002));
  }

  @Test
  void cuts_of_a_chain_are_all_its_values() {
    TestGraph graph = new TestGraph(-1, 16);
    graph.convolution("a", "images", 3, 4, 2);
    graph.node("Relu", "b", List.of("a"));
    graph.convolution("left", "b", 4, 4, 1);
    graph.node("Add", "sum", List.of("left", "b"));
    graph.node("Relu", "out", List.of("sum"));
    EncoderFile file = graph.encoder("out", 2, 4, FeatureLevel.Layout.MAP);
    assertThat(CutPoints.of(file.graph(), "out")).containsExactly("a", "b", "sum", "out");
    assertThat(layerOfWeight(new LayerGroups(file)).get("left.bias")).isEqualTo(1);
  }
}
