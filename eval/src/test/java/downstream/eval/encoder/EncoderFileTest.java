package downstream.eval.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.encoder.build.VisionTransformer;
import downstream.eval.encoder.inspect.EncoderVerification;
import downstream.eval.encoder.rewrite.EncoderRewrites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public class EncoderFileTest {
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

  @TempDir Path folder;

  public static EncoderFile small(long seed) {
    return VisionTransformer.build(
        new VitArchitecture(32, 8, 24, 2, 3, 4),
        "vit",
        seed,
        HALF,
        HALF,
        Json.MAPPER.createObjectNode().put("method", "random"));
  }

  @Test
  void comes_back_from_disk_as_it_was_written() {
    EncoderFile file = small(1);
    file.write(folder.resolve("vit.onnx"));

    EncoderFile read = EncoderFile.read(folder.resolve("vit.onnx"));

    assertThat(read.model()).isEqualTo(file.model());
    assertThat(read.spec()).isEqualTo(file.spec());
    assertThat(read.digest()).isEqualTo(file.digest());
    assertThat(read.provenance().get("method").asText()).isEqualTo("random");
  }

  @Test
  void same_seed_gives_same_bytes_and_another_seed_others() {
    assertThat(small(1).model().toByteArray()).isEqualTo(small(1).model().toByteArray());
    assertThat(small(1).digest()).isNotEqualTo(small(2).digest());
  }

  @Test
  void counts_the_parameters_of_a_vit_without_its_fixed_positions() {
    int width = 24;
    int patches = 3 * 64 * width + width;
    int block =
        2 * 2 * width
            + (width * 3 * width + 3 * width)
            + (width * width + width)
            + (2 * 4 * width * width + 4 * width + width);
    assertThat(small(1).parameters()).isEqualTo(patches + 2 * block + 2 * width);
  }

  @Test
  void vit_b16_has_the_published_number_of_parameters_less_the_class_token() {
    EncoderFile base =
        VisionTransformer.build(
            new VitArchitecture(224, 16, 768, 12, 12, 4),
            "b",
            0,
            HALF,
            HALF,
            Json.MAPPER.createObjectNode());
    assertThat(base.parameters()).isEqualTo(85_647_360 - 768);
  }

  @Test
  void another_size_keeps_the_weights_and_writes_new_positions() {
    EncoderFile large = EncoderRewrites.atSize(small(1), 64);

    assertThat(large.spec().imageSize()).isEqualTo(64);
    assertThat(large.parameters()).isEqualTo(small(1).parameters());
    assertThat(EncoderVerification.compare(large)).allMatch(EncoderVerification.Difference::agree);
    assertThat(EncoderRewrites.atSize(large, 32).digest()).isEqualTo(small(1).digest());
  }

  @Test
  void refuses_a_size_that_the_patch_does_not_divide() {
    assertThatThrownBy(() -> EncoderRewrites.atSize(small(1), 60))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("imageSize: 60 is not a multiple of the patch, 8");
  }

  @Test
  void refuses_a_file_that_is_not_there() {
    assertThatThrownBy(() -> EncoderFile.read(folder.resolve("none.onnx")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("none.onnx: no such encoder file");
  }

  @Test
  void refuses_a_file_that_is_not_onnx() throws IOException {
    Path text = Files.writeString(folder.resolve("text.onnx"), "this is no model at all");
    Path empty = Files.createFile(folder.resolve("empty.onnx"));
    Path cut = folder.resolve("cut.onnx");
    byte[] whole = small(1).model().toByteArray();
    Files.write(cut, java.util.Arrays.copyOf(whole, whole.length / 2));
    for (Path bad : List.of(text, empty, cut)) {
      assertThatThrownBy(() -> EncoderFile.read(bad))
          .isInstanceOf(BadInput.class)
          .hasMessageContaining(bad.getFileName() + ": is not an ONNX model");
    }
  }

  @Test
  void a_spec_beside_the_file_rules() throws IOException {
    small(1).write(folder.resolve("vit.onnx"));
    Files.writeString(
        folder.resolve("vit.encoder.yaml"),
        """
        input: images
        imageSize: 32
        mean: [0, 0, 0]
        std: [1, 1, 1]
        levels: [{value: blocks.0, stride: 8, channels: 24, layout: TOKENS}]
        """);
    EncoderFile read = EncoderFile.read(folder.resolve("vit.onnx"));
    assertThat(read.spec().levels()).extracting(FeatureLevel::value).containsExactly("blocks.0");
    assertThat(read.digest()).isNotEqualTo(small(1).digest());
  }

  @Test
  void names_the_nearest_key_of_a_spec_with_an_unknown_one() throws IOException {
    small(1).write(folder.resolve("vit.onnx"));
    Files.writeString(folder.resolve("vit.encoder.yaml"), "imagesize: 32\n");
    assertThatThrownBy(() -> EncoderFile.read(folder.resolve("vit.onnx")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("unknown key 'imagesize'")
        .hasMessageContaining("Did you mean 'imageSize'?");
  }
}
