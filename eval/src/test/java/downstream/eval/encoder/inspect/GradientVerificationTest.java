package downstream.eval.encoder.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.FeatureLevel.Layout;
import downstream.eval.encoder.TestGraph;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.ResNet;
import downstream.eval.encoder.build.VisionTransformer;
import downstream.eval.encoder.inspect.GradientVerification.Gradient;
import java.util.List;
import org.junit.jupiter.api.Test;

class GradientVerificationTest {
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

  @Test
  void every_weight_of_a_transformer_agrees_with_central_differences() {
    EncoderFile file =
        VisionTransformer.build(
            new VitArchitecture(32, 8, 24, 2, 3, 4),
            "vit",
            1,
            HALF,
            HALF,
            Json.MAPPER.createObjectNode());
    List<Gradient> gradients = GradientVerification.check(file, 32, 0, 100);
    assertThat(gradients).hasSize(1 + 2 + 2 * 12 + 2).allMatch(Gradient::agree);
    assertThat(gradients).allMatch(gradient -> gradient.autograd() != 0);
    assertThat(gradients)
        .extracting(Gradient::operator)
        .contains("Conv", "MatMul", "Add", "LayerNormalization");
  }

  @Test
  void layer_scales_and_relative_positions_have_gradients() {
    EncoderFile file =
        VisionTransformer.build(
            new VitArchitecture(32, 8, 24, 2, 3, 4).withClassToken().withBlocks(.1, true),
            "vit",
            1,
            HALF,
            HALF,
            Json.MAPPER.createObjectNode());
    List<Gradient> gradients = GradientVerification.check(file, 32, 0, 100);
    assertThat(gradients).allMatch(Gradient::agree);
    assertThat(gradients)
        .extracting(Gradient::weight)
        .contains("relative_positions", "blocks.0.scale1.weight", "blocks.1.scale2.weight");
  }

  @Test
  void every_weight_of_a_residual_network_agrees_with_central_differences() {
    EncoderFile file =
        new ResNet(18, 4).build("r", 32, 1, HALF, HALF, Json.MAPPER.createObjectNode());
    List<Gradient> gradients = GradientVerification.check(file, 64, 0, 100);
    assertThat(gradients).hasSize(1 + 60).allMatch(Gradient::agree);
  }

  /** A triangle wave with a kink every 4e-7: within the step for one of twenty weights or so. */
  @Test
  void a_kink_within_the_step_is_no_wrong_gradient() {
    TestGraph graph = new TestGraph(1, 1);
    graph.weight("w", 1, 3, 1, 1);
    graph.node("Conv", "z", List.of("images", "w"));
    graph.floats("waves", new float[] {1.25e6f}, 1);
    graph.node("Mul", "phase", List.of("z", "waves"));
    graph.node("Round", "nearest", List.of("phase"));
    graph.node("Sub", "offset", List.of("phase", "nearest"));
    graph.node("Abs", "wave", List.of("offset"));
    EncoderFile file = graph.encoder("wave", 1, 1, Layout.MAP);
    for (int seed = 0; seed < 60; seed++) {
      assertThat(GradientVerification.check(file, 1, seed, 1)).allMatch(Gradient::agree);
    }
  }
}
