package downstream.eval.encoder.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.encoder.SwinArchitecture;
import downstream.eval.encoder.inspect.GradientVerification;
import downstream.eval.encoder.inspect.GradientVerification.Gradient;
import downstream.eval.encoder.operators.Tensors;
import downstream.eval.encoder.rewrite.BicubicTable;
import downstream.eval.encoder.rewrite.EncoderRewrites;
import downstream.eval.encoder.runtime.OnnxEncoder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SwinTransformerTest {
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);
  private static final List<String> LEVELS = List.of("C2", "C3", "C4", "C5");
  private static final SwinArchitecture SMALL = new SwinArchitecture(64, 8, List.of(2, 1, 1, 1), 2);

  private static EncoderFile build(SwinArchitecture network) {
    return SwinTransformer.build(
        network,
        "swin",
        new RandomWeights(InitialWeights.TIMM, 1),
        HALF,
        HALF,
        Json.MAPPER.createObjectNode());
  }

  private static Map<String, OnnxEncoder.Value> run(EncoderFile file, float[] images) {
    int size = file.spec().imageSize();
    long batch = images.length / (3L * size * size);
    try (OnnxEncoder encoder = new OnnxEncoder(file, LEVELS, 1)) {
      return encoder.run(images, new long[] {batch, 3, size, size}, LEVELS);
    }
  }

  private static OnnxEncoder.Value value(Map<String, OnnxEncoder.Value> values, String name) {
    return Objects.requireNonNull(values.get(name));
  }

  private static float[] noise(int count) {
    return WeightInit.normal(new SplittableRandom(1), 1, count);
  }

  private static float[] table(EncoderFile file, String name) {
    return file.model().getGraph().getInitializerList().stream()
        .filter(tensor -> tensor.getName().equals(name))
        .findFirst()
        .map(Tensors::floats)
        .orElseThrow();
  }

  @Test
  void swin_t_has_the_published_number_of_parameters_less_the_classifier() {
    assertThat(build(SwinArchitecture.tiny(224)).parameters()).isEqualTo(28_288_354 - 769_000);
  }

  @Test
  void windows_are_the_widest_that_divide_the_grids() {
    assertThat(SwinArchitecture.tiny(224).window(0)).isEqualTo(7);
    assertThat(SwinArchitecture.tiny(192).window(0)).isEqualTo(6);
    assertThat(SwinArchitecture.tiny(128).window(0)).isEqualTo(4);
    assertThat(SwinArchitecture.tiny(128).window(3)).isEqualTo(4);
    assertThat(SwinArchitecture.tiny(64).window(3)).isEqualTo(2);
    assertThat(SwinArchitecture.tiny(32).window(3)).isEqualTo(1);
  }

  @Test
  void its_levels_have_strides_4_to_32() {
    Map<String, OnnxEncoder.Value> values = run(build(SMALL), noise(2 * 3 * 64 * 64));
    assertThat(value(values, "C2").shape()).containsExactly(2, 16, 16, 8);
    assertThat(value(values, "C3").shape()).containsExactly(2, 8, 8, 16);
    assertThat(value(values, "C4").shape()).containsExactly(2, 4, 4, 32);
    assertThat(value(values, "C5").shape()).containsExactly(2, 2, 2, 64);
    assertThat(build(SMALL).spec().levels())
        .allMatch(level -> level.layout() == FeatureLevel.Layout.CHANNELS_LAST);
  }

  /** In the first stage windows of 4 cells, then windows shifted by 2: 16 cells a side. */
  @Test
  void a_cell_reaches_its_window_and_the_shifted_one_and_never_the_other_border() {
    EncoderFile file = build(SMALL);
    float[] image = noise(3 * 64 * 64);
    float[] changed = image.clone();
    changed[0] += 5; // a pixel of cell (0, 0)
    float[] before = value(run(file, image), "C2").data();
    float[] after = value(run(file, changed), "C2").data();
    for (int row = 0; row < 16; row++) {
      for (int column = 0; column < 16; column++) {
        int cell = (row * 16 + column) * 8;
        double moved = 0;
        for (int c = cell; c < cell + 8; c++) {
          moved += Math.abs(after[c] - before[c]);
        }
        // window rows 0 to 3, then the shifted windows of rows 0 to 1 and 2 to 5
        boolean reached = row < 6 && column < 6;
        assertThat(moved > 0).as("(%d, %d)", row, column).isEqualTo(reached);
      }
    }
  }

  @Test
  void every_weight_agrees_with_central_differences() {
    List<Gradient> gradients = GradientVerification.check(build(SMALL), 64, 0, 200);
    assertThat(gradients).allMatch(Gradient::agree);
    assertThat(gradients)
        .extracting(Gradient::weight)
        .contains(
            "layers.0.blocks.1.attention.relative_positions",
            "layers.0.downsample.reduction.weight",
            "patch_embed.weight");
    assertThat(build(SMALL).weights()).doesNotContainKey("layers.0.blocks.1.attention.mask");
  }

  @Test
  void another_size_has_the_same_weights_and_tables_between_them() {
    EncoderFile file = build(SMALL);
    EncoderFile large = EncoderRewrites.atSize(file, 96);
    String name = "layers.0.blocks.0.attention.relative_positions";
    assertThat(table(large, name)).isEqualTo(BicubicTable.resize(table(file, name), 7, 11, 2));
    String weight = "layers.3.blocks.0.mlp.fc1.weight";
    assertThat(table(large, weight)).isEqualTo(table(file, weight));
    assertThat(value(run(large, noise(3 * 96 * 96)), "C5").shape()).containsExactly(1, 3, 3, 64);
    assertThat(large.spec().builder()).contains(SMALL.withImageSize(96));
    assertThat(EncoderRewrites.atSize(large, 64).parameters()).isEqualTo(file.parameters());
    EncoderSpec spec = large.spec();
    assertThat(Json.as("spec", Json.MAPPER.valueToTree(spec), EncoderSpec.class)).isEqualTo(spec);
  }

  @Test
  void random_init_control_can_be_had() {
    float[] values =
        value(run(EncoderRewrites.randomInit(build(SMALL)), noise(3 * 64 * 64)), "C5").data();
    double mean = 0;
    for (float one : values) {
      mean += one / values.length;
    }
    assertThat(mean).isCloseTo(0, within(.1)); // behind a LayerNorm
  }

  @Test
  void refuses_what_it_cannot_build() {
    assertThatThrownBy(() -> SwinArchitecture.tiny(100)).hasMessageContaining("multiple of 32");
    assertThatThrownBy(() -> new SwinArchitecture(64, 8, List.of(2, 2), 1))
        .hasMessageContaining("depths");
    assertThatThrownBy(() -> new SwinArchitecture(64, 8, List.of(2, 2, 2, 2), 3))
        .hasMessageContaining("heads");
    assertThatThrownBy(() -> EncoderRewrites.atSize(build(SMALL), 80)).hasMessageContaining("32");
  }
}
