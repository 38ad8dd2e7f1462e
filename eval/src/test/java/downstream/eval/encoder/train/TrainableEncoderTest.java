package downstream.eval.encoder.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.EncoderFileTest;
import downstream.eval.encoder.FineTuningSettings;
import downstream.eval.encoder.RelativeError;
import downstream.eval.encoder.build.ResNetTest;
import downstream.eval.encoder.build.SinCosPositions;
import downstream.eval.encoder.inspect.EncoderVerification;
import downstream.eval.encoder.operators.Node;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrainableEncoderTest {
  private final EncoderFile file = EncoderFileTest.small(3);
  private NDManager manager;
  private TrainableEncoder block;
  private ParameterStore store;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
    block = new TrainableEncoder(file, manager);
    store = new ParameterStore(manager, false);
    Engine.getInstance().setRandomSeed(5);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private NDArray fetch(Map<String, NDArray> feeds, String value) {
    return block.fetch(store, feeds, value, false);
  }

  @Test
  void feeding_its_own_tokens_gives_the_same_latent() {
    NDArray images = manager.randomNormal(new Shape(2, 3, 32, 32));
    NDArray tokens = fetch(Map.of("images", images), "tokens");

    assertThat(fetch(Map.of("tokens", tokens), "latent").toFloatArray())
        .isEqualTo(fetch(Map.of("images", images), "latent").toFloatArray());
  }

  @Test
  void visible_tokens_alone_pass_through() {
    NDArray visible = manager.randomNormal(new Shape(2, 5, 24));
    assertThat(fetch(Map.of("tokens", visible), "latent").getShape())
        .isEqualTo(new Shape(2, 5, 24));
  }

  @Test
  void positions_are_added_to_patches() {
    NDArray images = manager.randomNormal(new Shape(1, 3, 32, 32));
    NDArray difference =
        fetch(Map.of("images", images), "tokens").sub(fetch(Map.of("images", images), "patches"));
    float[] expected = SinCosPositions.table(4, 24);
    for (int i = 0; i < expected.length; i++) {
      assertThat(difference.toFloatArray()[i]).isCloseTo(expected[i], offset(1e-5f));
    }
  }

  @Test
  void positions_are_a_buffer_and_everything_else_a_weight() {
    List<String> names = block.getParameters().keys();
    assertThat(names).hasSize(2 + 2 * 12 + 2).allMatch(name -> !name.contains("positions"));
  }

  @Test
  void gelu_runs_as_one_node_unless_its_inside_is_fetched() {
    List<Node> nodes =
        file.model().getGraph().getNodeList().stream().map(node -> Node.of(node, 17)).toList();
    Map<String, Float> scalars =
        Map.of(
            "blocks.0.mlp.sqrt2",
            (float) Math.sqrt(2),
            "blocks.0.mlp.one",
            1f,
            "blocks.0.mlp.half",
            0.5f);
    List<Node> fused = Fusion.fuse(nodes, scalars, java.util.Set.of());
    List<Node> kept = Fusion.fuse(nodes, scalars, java.util.Set.of("blocks.0.mlp.erf"));

    assertThat(fused)
        .hasSize(kept.size() - 4)
        .filteredOn(node -> node.operator().equals("Gelu"))
        .hasSize(1);
    assertThat(kept).filteredOn(node -> node.operator().equals("Erf")).hasSize(2);
    NDArray images = manager.randomNormal(new Shape(1, 3, 32, 32));
    List<String> inside = List.of("blocks.0.mlp.erf", "latent");
    float[] fusedLatent = fetch(Map.of("images", images), "latent").toFloatArray();
    float[] openLatent =
        Objects.requireNonNull(
                block.run(store, Map.of("images", images), inside, false).get("latent"))
            .toFloatArray();
    assertThat(RelativeError.of(fusedLatent, openLatent)).isLessThan(1e-5);
  }

  @Test
  void gradients_match_finite_differences() {
    NDArray images = manager.randomNormal(new Shape(2, 3, 32, 32));
    NDArray target = manager.randomNormal(new Shape(2, 16, 24));
    for (String name :
        List.of(
            "patch_embed.weight",
            "blocks.0.attention.qkv.weight",
            "blocks.1.norm2.bias",
            "norm.weight")) {
      NDArray weight = block.getParameters().get(name).getArray();
      weight.setRequiresGradient(true);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        collector.backward(loss(images, target));
      }
      double gradient = weight.getGradient().toFloatArray()[7];
      assertThat(gradient)
          .as(name)
          .isCloseTo(slope(weight, 7, images, target), offset(2e-3 + 0.02 * Math.abs(gradient)));
      weight.setRequiresGradient(false);
    }
  }

  private double slope(NDArray weight, int element, NDArray images, NDArray target) {
    float[] values = weight.toFloatArray();
    float kept = values[element];
    double[] losses = new double[2];
    float step = 1e-2f;
    weight.setRequiresGradient(false);
    for (int side = 0; side < 2; side++) {
      values[element] = kept + (side == 0 ? -step : step);
      weight.set(values);
      losses[side] = loss(images, target).getFloat();
    }
    values[element] = kept;
    weight.set(values);
    return (losses[1] - losses[0]) / (2 * step);
  }

  /** Large enough that differences of float32 sums can be told apart. */
  private NDArray loss(NDArray images, NDArray target) {
    return fetch(Map.of("images", images), "latent").mul(target).sum();
  }

  @Test
  void export_is_the_same_graph_with_the_weights_as_they_are_now() {
    NDArray weight = block.getParameters().get("norm.bias").getArray();
    weight.addi(1);

    EncoderFile exported =
        block.export("other", Json.MAPPER.createObjectNode().put("method", "mae"));

    assertThat(exported.name()).isEqualTo("other");
    assertThat(exported.model().getGraph().getNodeList())
        .isEqualTo(file.model().getGraph().getNodeList());
    assertThat(exported.digest()).isNotEqualTo(file.digest());
    assertThat(EncoderVerification.compare(exported))
        .allMatch(EncoderVerification.Difference::agree);
    weight.subi(1);
    assertThat(block.export("vit", file.provenance()).digest()).isEqualTo(file.digest());
  }

  /** DJL's own forward switches gradients on for whatever parameter wants them. */
  @Test
  void running_statistics_never_get_a_gradient() {
    EncoderFile norms = ResNetTest.build(18, 4, 1);
    TrainableEncoder resnet =
        new TrainableEncoder(norms, manager, FineTuningSettings.BATCH_STATISTICS);
    NDArray images = manager.randomNormal(new Shape(2, 3, 32, 32));
    resnet.forward(store, new NDList(images), true);
    for (Parameter parameter : resnet.getParameters().values()) {
      assertThat(parameter.getArray().hasGradient())
          .as(parameter.getName())
          .isEqualTo(!parameter.getName().contains("running_"));
    }
  }

  @Test
  void a_value_that_does_not_exist_is_named() {
    NDArray images = manager.randomNormal(new Shape(1, 3, 32, 32));
    assertThatThrownBy(() -> fetch(Map.of("images", images), "blocks.9"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("value 'blocks.9'");
  }

  @Test
  void all_unknown_operators_are_named_at_once() {
    GraphProto.Builder graph = file.model().getGraph().toBuilder();
    int last = graph.getNodeCount() - 1;
    NodeProto norm = graph.getNode(last).toBuilder().setOutput(0, "normed").build();
    graph.setNode(last, norm);
    graph.addNode(NodeProto.newBuilder().setOpType("Quux").addInput("normed").addOutput("a"));
    graph.addNode(NodeProto.newBuilder().setOpType("Blorp").addInput("a").addOutput("latent"));
    graph.addNode(NodeProto.newBuilder().setOpType("Unused").addInput("a").addOutput("b"));
    EncoderFile odd =
        EncoderFile.of(
            "odd",
            file.model().toBuilder().setGraph(graph).build(),
            file.spec(),
            file.provenance());
    assertThatThrownBy(() -> new TrainableEncoder(odd, manager))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("odd: uses operators that cannot be trained: [Blorp, Quux]");
  }

  @Test
  void live_arrays_do_not_grow() {
    int before = 0;
    for (int i = 0; i < 20; i++) {
      // The first run keeps the constants of its plan.
      before = i == 1 ? manager.getManagedArrays().size() : before;
      try (NDManager scope = manager.newSubManager()) {
        block.run(
            store,
            Map.of("images", scope.zeros(new Shape(1, 3, 32, 32))),
            List.of("latent"),
            false);
      }
    }
    assertThat(manager.getManagedArrays()).hasSize(before);
  }
}
