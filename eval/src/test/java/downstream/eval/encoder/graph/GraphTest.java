package downstream.eval.encoder.graph;

import static downstream.eval.encoder.TestGraph.attribute;
import static downstream.eval.encoder.TestGraph.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import ai.onnx.proto.OnnxMl.TensorProto;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.FeatureLevel.Layout;
import downstream.eval.encoder.TestGraph;
import downstream.eval.encoder.build.ResNetTest;
import downstream.eval.encoder.inspect.EncoderVerification;
import downstream.eval.encoder.operators.Tensors;
import downstream.eval.encoder.rewrite.EncoderRewrites;
import downstream.eval.encoder.train.Program;
import downstream.eval.encoder.train.TrainableEncoder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GraphTest {
  private static float[] values(EncoderFile file, String constant) {
    return Tensors.floats(Objects.requireNonNull(file.graph().constants().get(constant)));
  }

  private static void assertEnginesAgree(EncoderFile file) {
    List<EncoderVerification.Difference> found = EncoderVerification.compare(file);
    assertThat(found).isNotEmpty().allMatch(d -> d.maxRel() <= 1e-5);
    assertThat(found).anyMatch(d -> d.maxAbs() < 1e-3 && d.batch() == 3);
  }

  /**
   * Flattens [N, C, h, w] to [N, C, h·w] as exporters do: the target is computed from the shape.
   */
  private static EncoderFile flattening() {
    TestGraph graph = new TestGraph(-1, 16);
    graph.convolution("stem", "images", 3, 4, 2);
    graph.node("Shape", "shape", List.of("stem"));
    graph.integers("zero", 0);
    graph.integers("one", 1);
    graph.integers("rest", -1);
    graph.node("Gather", "batch", List.of("shape", "zero"), number("axis", 0));
    graph.node("Gather", "channels", List.of("shape", "one"), number("axis", 0));
    graph.node("Concat", "target", List.of("batch", "channels", "rest"), number("axis", 0));
    graph.node("Reshape", "flat", List.of("stem", "target"));
    graph.node("Transpose", "tokens", List.of("flat"), attribute("perm", 0, 2, 1));
    return graph.encoder("tokens", 2, 4, Layout.TOKENS);
  }

  @Test
  void arithmetic_on_shapes_is_no_part_of_a_step() {
    EncoderFile file = flattening();
    assertEnginesAgree(file);
    try (NDManager manager = NDManager.newBaseManager()) {
      assertThat(new TrainableEncoder(file, manager).nodesPerStep()).isEqualTo(3);
    }
  }

  @Test
  void a_constant_node_may_hold_a_weight_and_is_written_back() {
    TestGraph graph = new TestGraph(-1, 16);
    graph.constant("kernel", Tensors.of("", graph.values(4, 3, 3, 3), 4, 3, 3, 3));
    graph.node("Conv", "map", List.of("images", "kernel"), attribute("pads", 1, 1, 1, 1));
    EncoderFile file = graph.encoder("map", 1, 4, Layout.MAP);

    assertThat(file.weights()).containsExactly(Map.entry("kernel", 108L));
    assertEnginesAgree(file);

    EncoderFile changed = file.withWeights(Map.of("kernel", new float[108]), file.provenance());
    assertThat(changed.model().getGraph().getNodeCount()).isEqualTo(2);
    assertThat(values(changed, "kernel")).containsOnly(0f);
    assertEnginesAgree(changed);
  }

  @Test
  void an_identity_of_a_constant_is_a_weight_of_its_own() {
    TestGraph graph = new TestGraph(-1, 16);
    graph.weight("a.weight", 3, 3, 3, 3);
    graph.floats("a.bias", new float[3], 3);
    graph.node("Identity", "b.bias", List.of("a.bias"));
    graph.node("Identity", "c.bias", List.of("b.bias"));
    graph.weight("b.weight", 3, 3, 3, 3);
    graph.node("Conv", "a", List.of("images", "a.weight", "a.bias"), attribute("pads", 1, 1, 1, 1));
    graph.node("Conv", "b", List.of("a", "b.weight", "c.bias"), attribute("pads", 1, 1, 1, 1));
    EncoderFile file = graph.encoder("b", 1, 3, Layout.MAP);
    assertThat(file.weights().keySet())
        .containsExactlyInAnyOrder("a.weight", "b.weight", "a.bias", "c.bias");

    EncoderFile changed =
        file.withWeights(Map.of("c.bias", new float[] {1, 2, 3}), file.provenance());
    assertThat(values(changed, "a.bias")).containsOnly(0f);
    assertThat(values(changed, "c.bias")).containsExactly(1, 2, 3);
    assertEnginesAgree(changed);

    EncoderFile control = EncoderRewrites.randomInit(file);
    assertThat(control.architecture()).isEqualTo(file.architecture());
    assertThat(EncoderRewrites.randomInit(changed).digest()).isEqualTo(control.digest());
  }

  @Test
  void a_weight_that_two_nodes_read_stays_one() {
    TestGraph graph = new TestGraph(-1, 16);
    graph.weight("shared", 3, 3, 3, 3);
    graph.node("Conv", "a", List.of("images", "shared"), attribute("pads", 1, 1, 1, 1));
    graph.node("Conv", "b", List.of("a", "shared"), attribute("pads", 1, 1, 1, 1));
    EncoderFile file = graph.encoder("b", 1, 3, Layout.MAP);
    try (NDManager manager = NDManager.newBaseManager()) {
      assertThat(new TrainableEncoder(file, manager).getParameters().keys())
          .containsExactly("shared");
    }
  }

  @Test
  void identities_of_values_are_names_for_them() {
    TestGraph graph = new TestGraph(-1, 16);
    graph.convolution("stem", "images", 3, 4, 2);
    graph.node("Identity", "again", List.of("stem"));
    graph.node("Identity", "level", List.of("again"));
    EncoderFile file = graph.encoder("level", 2, 4, Layout.MAP);
    assertEnginesAgree(file);
  }

  @Test
  void what_the_levels_do_not_need_is_not_run_and_not_trained() {
    TestGraph graph = new TestGraph(-1, 16);
    graph.convolution("stem", "images", 3, 4, 2);
    graph.convolution("classifier", "stem", 4, 9, 1);
    graph.node("NonMaxSuppression", "exotic", List.of("classifier"));
    EncoderFile file = graph.encoder("stem", 2, 4, Layout.MAP);
    try (NDManager manager = NDManager.newBaseManager()) {
      TrainableEncoder block = new TrainableEncoder(file, manager);
      assertThat(block.nodesPerStep()).isEqualTo(1);
      assertThat(block.getParameters().keys())
          .containsExactlyInAnyOrder("stem.weight", "stem.bias");
    }
  }

  @Test
  void layer_norm_in_nine_nodes_runs_as_one() {
    TestGraph graph = new TestGraph(-1, 16).opset(16);
    graph.convolution("stem", "images", 3, 4, 2);
    graph.node("Transpose", "x", List.of("stem"), attribute("perm", 0, 2, 3, 1));
    graph.node("ReduceMean", "mean", List.of("x"), attribute("axes", new long[] {-1}));
    graph.node("Sub", "centred", List.of("x", "mean"));
    graph.floats("two", new float[] {2});
    graph.floats("epsilon", new float[] {1e-3f});
    graph.weight("scale", 4);
    graph.weight("shift", 4);
    graph.node("Pow", "square", List.of("centred", "two"));
    graph.node("ReduceMean", "variance", List.of("square"), attribute("axes", new long[] {-1}));
    graph.node("Add", "guarded", List.of("variance", "epsilon"));
    graph.node("Sqrt", "root", List.of("guarded"));
    graph.node("Div", "normed", List.of("centred", "root"));
    graph.node("Mul", "scaled", List.of("normed", "scale"));
    graph.node("Add", "y", List.of("scaled", "shift"));
    EncoderFile file = graph.encoder("y", 2, 4, Layout.CHANNELS_LAST);
    assertEnginesAgree(file);
    try (NDManager manager = NDManager.newBaseManager()) {
      assertThat(new TrainableEncoder(file, manager).nodesPerStep()).isEqualTo(3);
    }
  }

  @Test
  void a_batch_that_the_file_bakes_in_is_taken_out() {
    TestGraph graph = new TestGraph(1, 16);
    graph.convolution("stem", "images", 3, 4, 2);
    graph.integers("groups", 1, 2, 2, 8, 8);
    graph.node("Reshape", "split", List.of("stem", "groups"));
    graph.node("Transpose", "shuffled", List.of("split"), attribute("perm", 0, 2, 1, 3, 4));
    graph.integers("whole", 1, 4, 64);
    graph.node("Reshape", "flat", List.of("shuffled", "whole"));
    graph.node("Transpose", "patches", List.of("flat"), attribute("perm", 2, 0, 1));
    graph.weight("class", 1, 1, 4);
    graph.node("Concat", "tokens", List.of("class", "patches"), number("axis", 0));
    graph.integers("heads", 65, 2, 2);
    graph.node("Reshape", "split.heads", List.of("tokens", "heads"));
    graph.integers("back", 65, 1, 4);
    graph.node("Reshape", "joined", List.of("split.heads", "back"));
    graph.node("Transpose", "level", List.of("joined"), attribute("perm", 1, 0, 2));
    EncoderFile file = graph.encoder("level", 2, 4, Layout.TOKENS);

    assertThat(file.weights()).containsKey("class");
    assertEnginesAgree(file);
  }

  @Test
  void a_file_that_mixes_the_images_of_its_batch_is_refused() {
    TestGraph graph = new TestGraph(2, 16);
    graph.convolution("stem", "images", 3, 4, 2);
    graph.integers("mixed", 4, 2, 8, 8);
    graph.node("Reshape", "a", List.of("stem", "mixed"));
    graph.node("Transpose", "b", List.of("a"), attribute("perm", 1, 0, 2, 3));
    graph.integers("whole", 1, 8, 8, 8);
    graph.node("Reshape", "level", List.of("b", "whole"));
    EncoderFile file = graph.encoder("level", 2, 8, Layout.MAP);
    try (NDManager manager = NDManager.newBaseManager()) {
      TrainableEncoder block = new TrainableEncoder(file, manager);
      NDArray images = manager.zeros(new Shape(3, 3, 16, 16));
      ParameterStore store = new ParameterStore(manager, false);
      assertThatThrownBy(() -> block.run(store, Map.of("images", images), List.of("level"), false))
          .isInstanceOf(BadInput.class)
          .hasMessageContaining("takes batches of 2 only, not of 3");
    }
  }

  @Test
  void an_input_that_is_also_an_initialiser_is_a_weight() {
    EncoderFile file = flattening();
    var graph = file.model().getGraph().toBuilder();
    graph.addInput(0, GraphWriter.floatValue("stem.weight", 4, 3, 3, 3));
    EncoderFile odd =
        EncoderFile.of(
            "odd",
            file.model().toBuilder().setGraph(graph).build(),
            file.spec(),
            Json.MAPPER.createObjectNode());
    assertThat(odd.graph().input().getName()).isEqualTo("images");
    assertThat(odd.weights()).containsKey("stem.weight");
    assertEnginesAgree(odd);
  }

  @Test
  void the_same_block_runs_any_batch() {
    EncoderFile file = flattening();
    try (NDManager manager = NDManager.newBaseManager()) {
      TrainableEncoder block = new TrainableEncoder(file, manager);
      for (long batch : new long[] {1, 5, 2, 5}) {
        NDArray images = manager.ones(new Shape(batch, 3, 16, 16));
        Shape shape =
            block
                .fetch(
                    new ParameterStore(manager, false), Map.of("images", images), "tokens", false)
                .getShape();
        assertThat(shape).isEqualTo(new Shape(batch, 64, 4));
      }
    }
  }

  @Test
  void a_value_that_only_the_shape_of_another_asks_for_runs_once() {
    Graph graph = flattening().graph();
    Program program = Program.of("test", graph, Set.of(), Set.of("images"), List.of("target"));
    assertThat(program.size()).isZero();
  }

  @Test
  void norms_that_were_folded_are_told() {
    TestGraph graph = new TestGraph(-1, 16);
    graph.convolution("a", "images", 3, 4, 2);
    graph.convolution("b", "a", 4, 4, 1);
    assertThat(graph.encoder("b", 2, 4, Layout.MAP).notes())
        .singleElement()
        .asString()
        .contains("folded into its 2 convolutions");
    assertThat(ResNetTest.build(18, 4, 1).notes()).isEmpty();
  }

  @Test
  void half_precision_is_refused_by_name() {
    EncoderFile file = flattening();
    var graph = file.model().getGraph().toBuilder();
    graph.getInitializerBuilder(0).setDataType(TensorProto.DataType.FLOAT16_VALUE);
    EncoderFile half =
        EncoderFile.of(
            "half",
            file.model().toBuilder().setGraph(graph).build(),
            file.spec(),
            file.provenance());
    try (NDManager manager = NDManager.newBaseManager()) {
      assertThatThrownBy(() -> new TrainableEncoder(half, manager))
          .isInstanceOf(BadInput.class)
          .hasMessageContaining("half.onnx: tensor 'stem.weight' is of FLOAT16");
    }
  }
}
