package downstream.eval.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.encoder.build.VisionTransformer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExternalTensorDataTest {
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

  @TempDir Path folder;

  /** Writes the encoder with its first tensor in a file beside it. */
  private EncoderFile write(String location) throws IOException {
    EncoderFile file =
        VisionTransformer.build(
            new VitArchitecture(32, 8, 24, 1, 3, 4),
            "vit",
            1,
            HALF,
            HALF,
            Json.MAPPER.createObjectNode());
    TensorProto tensor = file.model().getGraph().getInitializer(0);
    byte[] bytes = new byte[7 + tensor.getRawData().size()];
    tensor.getRawData().copyTo(bytes, 7);
    Files.write(folder.resolve("weights.bin"), bytes);
    TensorProto outside =
        tensor.toBuilder()
            .clearRawData()
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(entry("location", location))
            .addExternalData(entry("offset", "7"))
            .addExternalData(entry("length", "" + tensor.getRawData().size()))
            .build();
    ModelProto.Builder model = file.model().toBuilder();
    model.getGraphBuilder().setInitializer(0, outside);
    Files.write(folder.resolve("vit.onnx"), model.build().toByteArray());
    return file;
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  @Test
  void tensors_in_a_file_beside_the_model_are_read() throws IOException {
    EncoderFile inside = write("weights.bin");
    EncoderFile read = EncoderFile.read(folder.resolve("vit.onnx"));
    assertThat(read.digest()).isEqualTo(inside.digest());
  }

  @Test
  void a_missing_file_is_named() throws IOException {
    write("other.bin");
    assertThatThrownBy(() -> EncoderFile.read(folder.resolve("vit.onnx")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("in 'other.bin', which is not in the same folder");
  }

  @Test
  void a_file_elsewhere_is_not_read() throws IOException {
    write("../" + folder.getFileName() + "/../secret");
    assertThatThrownBy(() -> EncoderFile.read(folder.resolve("vit.onnx")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("not in the same folder");
  }

  @Test
  void a_file_that_is_cut_off_is_refused() throws IOException {
    write("weights.bin");
    Files.write(folder.resolve("weights.bin"), new byte[100]);
    assertThatThrownBy(() -> EncoderFile.read(folder.resolve("vit.onnx")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("ends before tensor");
  }
}
