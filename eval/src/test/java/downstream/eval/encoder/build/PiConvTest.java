package downstream.eval.encoder.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.inspect.EncoderVerification;
import downstream.eval.encoder.rewrite.EncoderRewrites;
import downstream.eval.encoder.runtime.OnnxEncoder;
import downstream.eval.encoder.train.LayerGroups;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PiConvTest {
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);
  private static final int WIDTH = 24;
  private static final VitArchitecture PLAIN = new VitArchitecture(32, 8, WIDTH, 2, 3, 4);
  private final EncoderFile file = build(PLAIN.withPiConv());

  private static EncoderFile build(VitArchitecture transformer) {
    return VisionTransformer.build(
        transformer, "vit", 1, HALF, HALF, Json.MAPPER.createObjectNode());
  }

  @Test
  void kernels_are_the_published_ones() {
    assertThat(PiConv.kernels(2)).containsExactly(2, 1, 1);
    assertThat(PiConv.kernels(4)).containsExactly(2, 2, 1);
    assertThat(PiConv.kernels(8)).containsExactly(2, 2, 2);
    assertThat(PiConv.kernels(16)).containsExactly(4, 2, 2);
    assertThat(PiConv.kernels(32)).containsExactly(4, 4, 2);
  }

  @Test
  void kernels_of_any_patch_multiply_to_it_and_do_not_grow() {
    for (int patch = 1; patch <= 64; patch++) {
      List<Integer> kernels = PiConv.kernels(patch);
      assertThat(kernels.stream().reduce(1, (a, b) -> a * b)).isEqualTo(patch);
      assertThat(kernels).isSortedAccordingTo((a, b) -> b - a);
    }
    assertThatThrownBy(() -> PiConv.kernels(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void has_three_convolutions_with_a_norm_each_and_statistics_that_are_no_weights() {
    Map<String, Long> weights = file.weights();
    assertThat(weights)
        .containsEntry("patch_embed.0.weight", 6L * 3 * 2 * 2)
        .containsEntry("patch_embed.1.weight", 6L * 6 * 2 * 2)
        .containsEntry("patch_embed.2.weight", 24L * 6 * 2 * 2)
        .containsEntry("patch_embed.2.norm.weight", 24L)
        .containsEntry("patch_embed.2.norm.bias", 24L)
        .doesNotContainKey("patch_embed.2.norm.running_mean");
    long convolutions = 6 * 12 + 6 * 24 + 24 * 24;
    long one = 24 * 3 * 64 + 24;
    assertThat(file.parameters() - build(PLAIN).parameters())
        .isEqualTo(convolutions + 2 * (6 + 6 + 24) - one);
  }

  @Test
  void a_patch_is_embedded_by_its_own_pixels() {
    float[] images = WeightInit.normal(new SplittableRandom(1), 1, 3 * 32 * 32);
    float[] before = patches(images);
    images[9 * 32 + 17]++; // row 1, column 2 of the patches
    float[] after = patches(images);
    for (int i = 0; i < before.length; i++) {
      boolean same = i / WIDTH != 6;
      if (same) {
        assertThat(after[i]).isEqualTo(before[i]);
      }
    }
    assertThat(after).isNotEqualTo(before);
  }

  private float[] patches(float[] images) {
    try (OnnxEncoder encoder = new OnnxEncoder(file, List.of("patches"), 1)) {
      Map<String, OnnxEncoder.Value> values =
          encoder.run(images, new long[] {1, 3, 32, 32}, List.of("patches"));
      return Objects.requireNonNull(values.get("patches")).data();
    }
  }

  @Test
  void is_one_layer_and_one_stage() {
    LayerGroups layers = new LayerGroups(file);
    assertThat(layers.count()).isEqualTo(new LayerGroups(build(PLAIN)).count());
    Set<Integer> embedding =
        layers.stageOfWeight().entrySet().stream()
            .filter(entry -> entry.getKey().startsWith("patch_embed"))
            .map(Map.Entry::getValue)
            .collect(Collectors.toSet());
    assertThat(embedding).containsExactly(0);
  }

  @Test
  void other_sizes_keep_it() {
    EncoderFile large = EncoderRewrites.atSize(file, 64);
    assertThat(large.spec().builder()).contains(PLAIN.withPiConv().withImageSize(64));
    assertThat(EncoderVerification.compare(large))
        .isNotEmpty()
        .allMatch(EncoderVerification.Difference::agree);
  }

  @Test
  void the_spec_comes_back_whole_and_a_plain_one_does_not_mention_it() {
    ObjectNode spec = Json.MAPPER.valueToTree(file.spec());
    assertThat(spec.get("builder").get("piConv").booleanValue()).isTrue();
    assertThat(Json.as("spec", spec, EncoderSpec.class)).isEqualTo(file.spec());
    ObjectNode plain = Json.MAPPER.valueToTree(build(PLAIN).spec());
    assertThat(plain.get("builder").has("piConv")).isFalse();
  }
}
