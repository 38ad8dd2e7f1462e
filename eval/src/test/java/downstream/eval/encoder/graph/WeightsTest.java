package downstream.eval.encoder.graph;

import static downstream.eval.encoder.TestGraph.attribute;
import static downstream.eval.encoder.TestGraph.number;
import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.FeatureLevel.Layout;
import downstream.eval.encoder.TestGraph;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.ResNet;
import downstream.eval.encoder.build.VisionTransformer;
import downstream.eval.encoder.operators.Tensors;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is trained and what is a buffer, of one graph of each family. */
class WeightsTest {
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

  private static Set<String> buffers(EncoderFile file) {
    Set<String> buffers = new TreeSet<>();
    file.graph()
        .constants()
        .forEach(
            (name, tensor) -> {
              if (Tensors.isFloat(tensor) && !file.weights().containsKey(name)) {
                buffers.add(name);
              }
            });
    return buffers;
  }

  @Test
  void of_a_residual_network() {
    EncoderFile file =
        new ResNet(18, 4).build("r", 32, 1, HALF, HALF, Json.MAPPER.createObjectNode());
    Set<String> weights = file.weights().keySet();
    // 20 convolutions, each with a norm of scale and shift.
    assertThat(weights).hasSize(20 + 2 * 20);
    assertThat(weights).noneMatch(name -> name.contains("mean") || name.contains("var"));
    assertThat(buffers(file))
        .hasSize(2 * 20)
        .allMatch(n -> n.contains("mean") || n.contains("var"));
  }

  @Test
  void of_a_vision_transformer() {
    EncoderFile file =
        VisionTransformer.build(
            new VitArchitecture(32, 8, 24, 1, 3, 4),
            "v",
            1,
            HALF,
            HALF,
            Json.MAPPER.createObjectNode());
    assertThat(file.weights()).hasSize(2 + 12 + 2);
    assertThat(buffers(file))
        .containsExactly(
            "blocks.0.attention.scale",
            "blocks.0.mlp.half",
            "blocks.0.mlp.one",
            "blocks.0.mlp.sqrt2",
            "positions");
  }

  @Test
  void of_windows_with_a_bias_table_and_a_mask() {
    TestGraph graph = new TestGraph(-1, 8);
    graph.convolution("stem", "images", 3, 4, 2);
    graph.integers("flat", 0, 4, -1);
    graph.node("Reshape", "x", List.of("stem", "flat"));
    graph.node("Transpose", "keys", List.of("x"), attribute("perm", 0, 2, 1));
    graph.node("MatMul", "scores", List.of("keys", "x"));
    graph.weight("table", 31, 1);
    graph.integers("index", new long[256]);
    graph.node("Gather", "gathered", List.of("table", "index"));
    graph.integers("square", 16, 16);
    graph.node("Reshape", "bias", List.of("gathered", "square"));
    graph.node("Add", "biased", List.of("scores", "bias"));
    float[] mask = new float[256];
    mask[3] = -100;
    graph.floats("mask", mask, 16, 16);
    graph.node("Add", "masked", List.of("biased", "mask"));
    graph.node("Softmax", "attention", List.of("masked"), number("axis", -1));
    graph.node("MatMul", "mixed", List.of("attention", "keys"));
    graph.floats("slope", new float[] {0.25f, 0.5f, 1, 2}, 4);
    graph.node("PRelu", "level", List.of("mixed", "slope"));
    EncoderFile file = graph.encoder("level", 2, 4, Layout.TOKENS);

    assertThat(file.weights().keySet())
        .containsExactlyInAnyOrder("stem.weight", "stem.bias", "table", "slope");
    assertThat(buffers(file)).containsExactly("mask");
  }

  @Test
  void of_a_normalisation_inside_the_graph() {
    TestGraph graph = new TestGraph(-1, 8);
    graph.floats("mean", new float[] {0.4f, 0.5f, 0.6f}, 3, 1, 1);
    graph.floats("std", new float[] {0.2f, 0.3f, 0.2f}, 3, 1, 1);
    graph.node("Sub", "centred", List.of("images", "mean"));
    graph.node("Div", "normed", List.of("centred", "std"));
    graph.convolution("stem", "normed", 3, 4, 2);
    EncoderFile file = graph.encoder("stem", 2, 4, Layout.MAP);

    assertThat(buffers(file)).containsExactly("mean", "std");
  }
}
