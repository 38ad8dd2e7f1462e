package downstream.pretrain.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import downstream.eval.BadInput;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.settings.DecoderSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecoderFileTest {
  private final NDManager manager = NDManager.newBaseManager();

  @TempDir private Path folder;

  @AfterEach
  void free() {
    manager.close();
  }

  private List<Weight> decoder(int depth) {
    MaeDecoder decoder = new MaeDecoder(4, new DecoderSettings(16, depth, 2), 48, false);
    decoder.initialize(manager, DataType.FLOAT32, new Shape(1, 4, 32), new Shape(1, 16));
    return Weight.of("decoder", decoder);
  }

  @Test
  void weights_come_back_to_the_last_bit() {
    List<Weight> written = decoder(2);
    List<Weight> restored = decoder(2);
    Path encoder = folder.resolve("mae.onnx");
    DecoderFile.write(encoder, written);
    DecoderFile.restore(encoder, restored);
    for (int i = 0; i < written.size(); i++) {
      assertThat(restored.get(i).array().toFloatArray())
          .as(written.get(i).name())
          .containsExactly(written.get(i).array().toFloatArray());
      assertThat(restored.get(i).array().hasGradient()).isTrue();
    }
  }

  @Test
  void the_same_weights_are_the_same_bytes() throws IOException {
    List<Weight> weights = decoder(1);
    DecoderFile.write(folder.resolve("a.onnx"), weights);
    DecoderFile.write(folder.resolve("b.onnx"), weights);
    assertThat(folder.resolve("a.decoder.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("b.decoder.safetensors"));
  }

  @Test
  void without_a_file_weights_stay() {
    List<Weight> weights = decoder(1);
    float[] before = weights.get(0).array().toFloatArray();
    DecoderFile.restore(folder.resolve("foreign.onnx"), weights);
    assertThat(weights.get(0).array().toFloatArray()).containsExactly(before);
  }

  @Test
  void another_decoder_is_refused_by_the_missing_weight() {
    Path encoder = folder.resolve("mae.onnx");
    DecoderFile.write(encoder, decoder(1));
    assertThatThrownBy(() -> DecoderFile.restore(encoder, decoder(2)))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("mae.decoder.safetensors")
        .hasMessageContaining("decoder.width");
  }

  @Test
  void a_damaged_file_is_refused() throws IOException {
    Path encoder = folder.resolve("mae.onnx");
    DecoderFile.write(encoder, decoder(1));
    Path file = DecoderFile.beside(encoder);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> DecoderFile.restore(encoder, decoder(1)))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("safetensors");
  }
}
