package downstream.eval.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.encoder.build.RelativePositions;
import downstream.eval.encoder.build.SinCosPositions;
import downstream.eval.encoder.build.VisionTransformer;
import downstream.eval.encoder.build.WeightInit;
import downstream.eval.encoder.operators.Tensors;
import downstream.eval.encoder.rewrite.BicubicTable;
import downstream.eval.encoder.rewrite.EncoderRewrites;
import downstream.eval.encoder.runtime.OnnxEncoder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VitArchitectureTest {
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);
  private static final int WIDTH = 24;
  private static final VitArchitecture PLAIN = new VitArchitecture(32, 8, WIDTH, 2, 3, 4);

  private static EncoderFile build(VitArchitecture transformer) {
    return VisionTransformer.build(
        transformer, "vit", 1, HALF, HALF, Json.MAPPER.createObjectNode());
  }

  private static OnnxEncoder.Value run(EncoderFile file, String value, int batch) {
    return Objects.requireNonNull(run(file, List.of(value), batch).get(value));
  }

  private static Map<String, OnnxEncoder.Value> run(
      EncoderFile file, List<String> values, int batch) {
    int size = file.spec().imageSize();
    float[] images = WeightInit.normal(new SplittableRandom(1), 1, batch * 3 * size * size);
    try (OnnxEncoder encoder = new OnnxEncoder(file, values, 1)) {
      return encoder.run(images, new long[] {batch, 3, size, size}, values);
    }
  }

  private static float[] positions(EncoderFile file) {
    return weight(file, "positions");
  }

  private static float[] weight(EncoderFile file, String name) {
    return file.model().getGraph().getInitializerList().stream()
        .filter(tensor -> tensor.getName().equals(name))
        .findFirst()
        .map(Tensors::floats)
        .orElseThrow();
  }

  @Test
  void a_class_token_stands_first_for_every_image_and_heads_never_see_it() {
    EncoderFile file = build(PLAIN.withClassToken());
    List<String> names = List.of("patches", "tokens", "latent", "patch_latent");

    Map<String, OnnxEncoder.Value> values = run(file, names, 2);

    float[] tokens = Objects.requireNonNull(values.get("tokens")).data();
    float[] second = Arrays.copyOfRange(tokens, 17 * WIDTH, 18 * WIDTH);
    assertThat(Objects.requireNonNull(values.get("tokens")).shape()).containsExactly(2, 17, WIDTH);
    assertThat(Arrays.copyOf(tokens, WIDTH)).isEqualTo(second);
    float[] latent = Objects.requireNonNull(values.get("latent")).data();
    OnnxEncoder.Value read = Objects.requireNonNull(values.get("patch_latent"));
    assertThat(read.shape()).containsExactly(2, 16, WIDTH);
    assertThat(Arrays.copyOfRange(read.data(), 16 * WIDTH, 32 * WIDTH))
        .isEqualTo(Arrays.copyOfRange(latent, 18 * WIDTH, 34 * WIDTH));
    assertThat(file.spec().levels())
        .containsExactly(new FeatureLevel("patch_latent", 8, WIDTH, FeatureLevel.Layout.TOKENS));
  }

  @Test
  void the_class_token_changes_what_the_patches_become() {
    assertThat(run(build(PLAIN.withClassToken()), "patch_latent", 1).data())
        .isNotEqualTo(run(build(PLAIN), "latent", 1).data());
  }

  @Test
  void learned_positions_are_a_weight_and_start_small() {
    EncoderFile file = build(PLAIN.withLearnedPositions());
    assertThat(file.spec().buffers()).isEmpty();
    assertThat(file.weights()).containsEntry("positions", 16L * WIDTH);
    assertThat(file.parameters()).isEqualTo(build(PLAIN).parameters() + 16 * WIDTH);
    double squares = 0;
    for (float value : positions(file)) {
      squares += value * value;
    }
    assertThat(Math.sqrt(squares / (16 * WIDTH))).isCloseTo(0.02, within(0.003));
  }

  @Test
  void learned_positions_are_interpolated_for_another_size() {
    EncoderFile file = build(PLAIN.withLearnedPositions().withClassToken());

    EncoderFile large = EncoderRewrites.atSize(file, 64);

    assertThat(positions(large)).isEqualTo(BicubicTable.resize(positions(file), 4, 8, WIDTH));
    assertThat(run(large, "latent", 1).shape()).containsExactly(1, 65, WIDTH);
    assertThat(run(large, "patch_latent", 1).shape()).containsExactly(1, 64, WIDTH);
    assertThat(initialisersBut(large)).isEqualTo(initialisersBut(file));
  }

  private static List<TensorProto> initialisersBut(EncoderFile file) {
    return file.model().getGraph().getInitializerList().stream()
        .filter(tensor -> !tensor.getName().equals("positions"))
        .toList();
  }

  @Test
  void fixed_positions_stay_a_buffer_beside_a_class_token() {
    EncoderFile file = build(PLAIN.withClassToken());
    assertThat(file.spec().buffers()).containsExactly("positions");
    assertThat(positions(EncoderRewrites.atSize(file, 64)))
        .isEqualTo(SinCosPositions.table(8, WIDTH));
  }

  @Test
  void relative_positions_tell_distances_apart_and_the_class_token() {
    // Two by two patches behind the class token; a row for each (down, right) from key to query.
    assertThat(RelativePositions.index(2, true))
        .containsExactly(
            11, 9, 9, 9, 9, //
            10, 4, 3, 1, 0, //
            10, 5, 4, 2, 1, //
            10, 7, 6, 4, 3, //
            10, 8, 7, 5, 4);
    assertThat(RelativePositions.rows(2, true)).isEqualTo(12);
    assertThat(RelativePositions.index(1, false)).containsExactly(0);
  }

  @Test
  void relative_positions_start_at_zero_so_that_patches_have_no_place() {
    EncoderFile file = build(PLAIN.withBlocks(0, true));
    assertThat(file.spec().buffers()).isEmpty();
    assertThat(file.weights()).containsEntry("relative_positions", 49L * 3);
    float[] patches = run(file, "patches", 1).data();
    assertThat(run(file, "tokens", 1).data()).isEqualTo(patches);
  }

  @Test
  void relative_positions_are_interpolated_for_another_size() {
    EncoderFile start = build(PLAIN.withClassToken().withBlocks(.1, true));
    float[] table = WeightInit.normal(new SplittableRandom(2), 1, 52 * 3);
    EncoderFile file = start.withWeights(Map.of("relative_positions", table), start.provenance());

    EncoderFile large = EncoderRewrites.atSize(file, 64);

    float[] resized = weight(large, "relative_positions");
    assertThat(Arrays.copyOf(resized, 225 * 3)).isEqualTo(BicubicTable.resize(table, 7, 15, 3));
    assertThat(Arrays.copyOfRange(resized, 225 * 3, 228 * 3))
        .isEqualTo(Arrays.copyOfRange(table, 49 * 3, 52 * 3));
    assertThat(run(large, "latent", 1).shape()).containsExactly(1, 65, WIDTH);
    assertThat(run(file, "latent", 1).data()).isNotEqualTo(run(start, "latent", 1).data());
    assertThat(EncoderRewrites.windowed(file, 2)).isEmpty();
  }

  @Test
  void layer_scale_weighs_what_blocks_add() {
    EncoderFile small = build(PLAIN.withBlocks(1e-6, false));
    float[] tokens = run(small, "tokens", 1).data();
    float[] last = run(small, "blocks.1", 1).data();
    float[] plain = run(build(PLAIN), "blocks.1", 1).data();
    assertThat(last).containsExactly(tokens, within(1e-4f));
    assertThat(plain).isNotEqualTo(last);
    assertThat(weight(small, "blocks.0.scale1.weight")).hasSize(WIDTH).containsOnly(1e-6f);
    float[] ones = run(build(PLAIN.withBlocks(1, false)), "blocks.1", 1).data();
    assertThat(ones).containsExactly(plain, within(1e-6f));
  }

  @Test
  void the_spec_of_a_plain_one_says_nothing_of_what_it_does_not_have() {
    ObjectNode spec = Json.MAPPER.valueToTree(build(PLAIN).spec());
    assertThat(spec.has("anySize")).isFalse();
    JsonNode builder = spec.get("builder");
    assertThat(builder.properties().stream().map(Map.Entry::getKey))
        .containsExactlyInAnyOrder("imageSize", "patch", "width", "depth", "heads", "mlpRatio");
    EncoderSpec read = Json.as("spec", spec, EncoderSpec.class);
    assertThat(read.builder()).contains(PLAIN);
  }

  @Test
  void the_spec_of_another_one_comes_back_whole() {
    EncoderSpec spec =
        build(PLAIN.withClassToken().withLearnedPositions().withBlocks(.1, false)).spec();
    assertThat(Json.as("spec", Json.MAPPER.valueToTree(spec), EncoderSpec.class)).isEqualTo(spec);
  }

  /** As published, for 1,000 classes, less the classifier and the class token's position. */
  @Test
  void presets_have_the_published_number_of_parameters() {
    assertThat(parameters(VitArchitecture.tiny(224, 16))).isEqualTo(5_717_416 - 193_000 - 192);
    assertThat(parameters(VitArchitecture.small(224, 16))).isEqualTo(22_050_664 - 385_000 - 384);
    assertThat(parameters(VitArchitecture.base(224, 16))).isEqualTo(86_567_656 - 769_000 - 768);
    assertThat(VitArchitecture.micro(64, 8)).isEqualTo(new VitArchitecture(64, 8, 96, 4, 3, 4));
  }

  /** The class token is not behind a weight slot of its own, so it is counted apart. */
  private static long parameters(VitArchitecture transformer) {
    EncoderFile file = build(transformer.withClassToken().withLearnedPositions());
    boolean counted = file.weights().containsKey("class_token");
    return file.parameters() + (counted ? 0 : transformer.width());
  }
}
