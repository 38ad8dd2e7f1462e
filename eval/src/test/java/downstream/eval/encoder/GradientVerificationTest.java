package downstream.eval.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.Json;
import downstream.eval.encoder.GradientVerification.Gradient;
import java.util.List;
import org.junit.jupiter.api.Test;

class GradientVerificationTest {
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

  @Test
  void every_weight_of_a_transformer_agrees_with_central_differences() {
    EncoderFile file =
        new VisionTransformer(32, 8, 24, 2, 3, 4)
            .build("vit", 1, HALF, HALF, Json.MAPPER.createObjectNode());
    List<Gradient> gradients = GradientVerification.check(file, 32, 0, 100);
    assertThat(gradients).hasSize(1 + 2 + 2 * 12 + 2).allMatch(Gradient::agree);
    assertThat(gradients).allMatch(gradient -> gradient.autograd() != 0);
    assertThat(gradients)
        .extracting(Gradient::operator)
        .contains("Conv", "MatMul", "Add", "LayerNormalization");
  }

  @Test
  void every_weight_of_a_residual_network_agrees_with_central_differences() {
    EncoderFile file =
        new ResNet(18, 4).build("r", 32, 1, HALF, HALF, Json.MAPPER.createObjectNode());
    List<Gradient> gradients = GradientVerification.check(file, 64, 0, 100);
    assertThat(gradients).hasSize(1 + 60).allMatch(Gradient::agree);
  }
}
