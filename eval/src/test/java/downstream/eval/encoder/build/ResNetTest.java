package downstream.eval.encoder.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.encoder.operators.Tensors;
import downstream.eval.encoder.rewrite.EncoderRewrites;
import downstream.eval.encoder.runtime.OnnxEncoder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

public class ResNetTest {
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);
  private static final List<String> LEVELS = List.of("C2", "C3", "C4", "C5");

  public static EncoderFile build(int depth, int width, long seed) {
    return new ResNet(depth, width)
        .build("resnet", 64, seed, HALF, HALF, Json.MAPPER.createObjectNode());
  }

  private static Map<String, OnnxEncoder.Value> run(
      EncoderFile file, List<String> fetches, long... shape) {
    int count = (int) (shape[0] * shape[1] * shape[2] * shape[3]);
    float[] images = WeightInit.normal(new SplittableRandom(1), 1, count);
    try (OnnxEncoder encoder = new OnnxEncoder(file, fetches, 1)) {
      return encoder.run(images, shape, fetches);
    }
  }

  private static OnnxEncoder.Value value(Map<String, OnnxEncoder.Value> values, String name) {
    return Objects.requireNonNull(values.get(name));
  }

  private static float[] weight(EncoderFile file, String name) {
    return file.model().getGraph().getInitializerList().stream()
        .filter(tensor -> tensor.getName().equals(name))
        .findFirst()
        .map(Tensors::floats)
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(ints = {18, 50})
  void its_levels_have_strides_4_to_32_for_any_batch_and_size(int depth) {
    EncoderFile file = build(depth, 8, 1);
    List<FeatureLevel> levels = file.spec().levels();
    assertThat(levels).extracting(FeatureLevel::value).isEqualTo(LEVELS);

    Map<String, OnnxEncoder.Value> values = run(file, LEVELS, 3, 3, 64, 96);

    for (FeatureLevel level : levels) {
      long[] shape = {3, level.channels(), 64 / level.stride(), 96 / level.stride()};
      assertThat(value(values, level.value()).shape()).isEqualTo(shape);
    }
    int widest = 8 * 8 * (depth == 18 ? 1 : 4);
    assertThat(levels.get(3).channels()).isEqualTo(widest);
  }

  @Test
  void has_the_published_number_of_parameters_less_the_classifier() {
    assertThat(ResNet.eighteen().build("r", 224, 0, HALF, HALF, none()).parameters())
        .isEqualTo(11_689_512 - 513_000);
    assertThat(ResNet.fifty().build("r", 224, 0, HALF, HALF, none()).parameters())
        .isEqualTo(25_557_032 - 2_049_000);
  }

  private static ObjectNode none() {
    return Json.MAPPER.createObjectNode();
  }

  @Test
  void every_block_begins_as_its_shortcut() {
    Map<String, OnnxEncoder.Value> values =
        run(build(18, 8, 1), List.of("maxpool", "C2"), 1, 3, 64, 64);
    assertThat(value(values, "C2").data()).isEqualTo(value(values, "maxpool").data());
    assertThat(value(values, "C2").data()).contains(0).hasSize(8 * 16 * 16);
  }

  @Test
  void its_convolutions_keep_the_variance_that_a_relu_halves() {
    float[] kernel = weight(build(18, 16, 1), "layer4.0.conv2.weight");
    double squares = 0;
    for (float v : kernel) {
      squares += v * v;
    }
    double expected = 2.0 / (9 * 128);
    assertThat(squares / kernel.length).isCloseTo(expected, within(0.02 * expected));
  }

  @Test
  void statistics_are_buffers_and_everything_else_a_weight() {
    EncoderFile file = build(50, 8, 1);
    List<String> all =
        file.model().getGraph().getInitializerList().stream().map(TensorProto::getName).toList();
    List<String> expected = all.stream().filter(name -> !name.contains(".running_")).toList();
    assertThat(expected).hasSize(53 * 3).contains("layer4.2.bn3.weight", "conv1.weight");
    assertThat(file.weights().keySet()).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void same_seed_gives_same_bytes_and_another_seed_others() {
    assertThat(build(18, 8, 1).sha256()).isEqualTo(build(18, 8, 1).sha256());
    assertThat(build(18, 8, 1).sha256()).isNotEqualTo(build(18, 8, 2).sha256());
  }

  @Test
  void another_size_is_the_same_graph() {
    EncoderFile file = build(18, 8, 1);
    EncoderFile large = EncoderRewrites.atSize(file, 96);
    assertThat(large.spec().imageSize()).isEqualTo(96);
    assertThat(large.model().getGraph()).isEqualTo(file.model().getGraph());
    assertThatThrownBy(() -> EncoderRewrites.atSize(file, 80))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("imageSize: 80 is not a multiple of the coarsest level's stride, 32");
  }

  @Test
  void refuses_a_depth_width_or_size_that_it_does_not_have() {
    assertThatThrownBy(() -> new ResNet(34, 64)).hasMessageContaining("18 or 50, not 34");
    assertThatThrownBy(() -> new ResNet(18, 0)).hasMessageContaining("width");
    assertThatThrownBy(() -> ResNet.eighteen().build("r", 100, 0, HALF, HALF, none()))
        .hasMessageContaining("multiple of 32, not 100");
  }
}
