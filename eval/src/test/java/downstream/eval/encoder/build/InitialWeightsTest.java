package downstream.eval.encoder.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.operators.Tensors;
import java.util.List;
import org.junit.jupiter.api.Test;

class InitialWeightsTest {
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);
  private static final int D = 96;

  private static EncoderFile vit(InitialWeights form) {
    return VisionTransformer.build(
        VitArchitecture.micro(32, 8).withClassToken(),
        "vit",
        new RandomWeights(form, 3),
        HALF,
        HALF,
        Json.MAPPER.createObjectNode());
  }

  private static EncoderFile resNet(int depth, InitialWeights form) {
    return new ResNet(depth, 16)
        .build(
            "resnet", 64, new RandomWeights(form, 3), HALF, HALF, Json.MAPPER.createObjectNode());
  }

  private static float[] weight(EncoderFile file, String name) {
    return file.model().getGraph().getInitializerList().stream()
        .filter(tensor -> tensor.getName().equals(name))
        .findFirst()
        .map(Tensors::floats)
        .orElseThrow();
  }

  private static double deviation(EncoderFile file, String name) {
    double squares = 0;
    float[] values = weight(file, name);
    for (float value : values) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares / values.length);
  }

  private static double largest(EncoderFile file, String name) {
    double largest = 0;
    for (float value : weight(file, name)) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  @Test
  void bound_of_query_key_and_value_is_that_of_one_matrix_or_of_three() {
    String qkv = "blocks.0.attention.qkv.weight";
    double one = Math.sqrt(6.0 / (D + 3 * D));
    double three = Math.sqrt(6.0 / (D + D));
    assertThat(largest(vit(InitialWeights.MAE), qkv)).isCloseTo(one, within(.01 * one));
    assertThat(largest(vit(InitialWeights.MOCO_V3), qkv)).isCloseTo(three, within(.01 * three));
  }

  @Test
  void class_token_of_moco_v3_is_almost_zero() {
    assertThat(deviation(vit(InitialWeights.MOCO_V3), "class_token")).isCloseTo(1e-6, within(3e-7));
    assertThat(deviation(vit(InitialWeights.MAE), "class_token")).isCloseTo(.02, within(.006));
  }

  /** A normal cut off at one deviation has 0.5396 of it. */
  @Test
  void simmims_branches_end_in_smaller_weights_the_deeper_they_are() {
    EncoderFile file = vit(InitialWeights.SIMMIM);
    assertThat(largest(file, "blocks.2.attention.qkv.weight")).isLessThanOrEqualTo(.02f);
    assertThat(deviation(file, "blocks.2.mlp.fc1.weight")).isCloseTo(.02 * .5396, within(2e-4));
    for (int block = 0; block < 4; block++) {
      double expected = .02 * .5396 / Math.sqrt(2 * (block + 1));
      for (String end : List.of("attention.out", "mlp.fc2")) {
        String name = "blocks." + block + "." + end + ".weight";
        assertThat(deviation(file, name)).isCloseTo(expected, within(.03 * expected));
      }
    }
  }

  @Test
  void timms_patch_embedding_starts_as_pytorchs_convolution() {
    EncoderFile file = vit(InitialWeights.TIMM);
    double bound = 1 / Math.sqrt(3 * 8 * 8);
    assertThat(largest(file, "patch_embed.weight")).isBetween(.99 * bound, bound);
    assertThat(largest(file, "patch_embed.bias")).isBetween(.8 * bound, bound);
    assertThat(deviation(file, "blocks.0.mlp.fc2.weight")).isCloseTo(.02, within(3e-4));
  }

  @Test
  void convolutions_are_scaled_by_what_goes_out_or_by_what_comes_in() {
    String wide = "layer2.0.conv1.weight"; // 64 to 32 channels, 1 × 1
    double out = Math.sqrt(2.0 / 32);
    double in = Math.sqrt(2.0 / 64);
    double haiku = .8796 * Math.sqrt(1.0 / 64); // cut off at two deviations
    assertThat(deviation(resNet(50, InitialWeights.ZERO_LAST_NORM), wide))
        .isCloseTo(out, within(.04 * out));
    assertThat(deviation(resNet(50, InitialWeights.TORCHVISION), wide))
        .isCloseTo(out, within(.04 * out));
    assertThat(deviation(resNet(50, InitialWeights.FAN_IN), wide)).isCloseTo(in, within(.04 * in));
    assertThat(deviation(resNet(50, InitialWeights.HAIKU), wide))
        .isCloseTo(haiku, within(.04 * haiku));
  }

  @Test
  void last_norm_of_a_block_is_zero_only_where_the_authors_have_it() {
    assertThat(lastNorm(50, InitialWeights.ZERO_LAST_NORM)).isZero();
    assertThat(lastNorm(18, InitialWeights.ZERO_LAST_NORM)).isZero();
    assertThat(lastNorm(50, InitialWeights.TORCHVISION)).isEqualTo(1);
    assertThat(lastNorm(50, InitialWeights.FAN_IN)).isEqualTo(1);
    assertThat(lastNorm(50, InitialWeights.HAIKU)).isZero();
    assertThat(lastNorm(18, InitialWeights.HAIKU)).isEqualTo(1);
  }

  private static double lastNorm(int depth, InitialWeights form) {
    String norm = depth == 18 ? "layer1.0.bn2.weight" : "layer1.0.bn3.weight";
    return largest(resNet(depth, form), norm);
  }
}
