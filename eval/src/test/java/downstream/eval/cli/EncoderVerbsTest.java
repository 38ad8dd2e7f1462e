package downstream.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.VisionTransformer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EncoderVerbsTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path onnx;

  @BeforeEach
  void write() {
    List<Double> half = List.of(0.5, 0.5, 0.5);
    onnx = folder.resolve("vit.onnx");
    VisionTransformer.build(
            new VitArchitecture(32, 8, 24, 2, 3, 4),
            "vit",
            1,
            half,
            half,
            Json.MAPPER.createObjectNode())
        .write(onnx);
  }

  private int run(String... arguments) {
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }

  @Test
  void inspect_prints_what_is_in_the_file() throws IOException {
    assertThat(run("encoder", "inspect", onnx.toString(), "--format", "json")).isZero();
    JsonNode summary = Json.MAPPER.readTree(out.toString());
    assertThat(summary.get("opset").asInt()).isEqualTo(17);
    assertThat(summary.get("parameters").asLong()).isEqualTo(EncoderFile.read(onnx).parameters());
    assertThat(summary.get("inputs").get("images").asText()).isEqualTo("[batch, 3, 32, 32]");
    assertThat(summary.get("operators").get("LayerNormalization").asInt()).isEqualTo(5);
    assertThat(run("encoder", "inspect", onnx.toString())).isZero();
    assertThat(out.toString()).contains("parameters");
  }

  @Test
  void verify_passes_an_encoder_on_which_both_engines_agree() throws IOException {
    assertThat(run("encoder", "verify", onnx.toString(), "--format", "json")).isZero();
    JsonNode rows = Json.MAPPER.readTree(out.toString());
    assertThat(rows).hasSize(25).allMatch(row -> row.get("max_rel").asDouble() <= 1e-4);
    assertThat(rows).allMatch(row -> row.get("agree").asBoolean());
    assertThat(rows.findValuesAsText("at")).contains("batch 1", "batch 3");
    assertThat(rows.findValuesAsText("check")).contains("engines", "nodes", "rows");
  }

  @Test
  void verify_fails_an_encoder_whose_values_cannot_be_compared() throws IOException {
    byte[] bytes = Files.readAllBytes(onnx);
    byte[] one = {0, 0, (byte) 0x80, 0x3f};
    int place = indexOfRun(bytes, one, 24);
    byte[] nan = {0, 0, (byte) 0xc0, 0x7f};
    System.arraycopy(nan, 0, bytes, place, 4);
    Files.write(onnx, bytes);
    assertThat(run("encoder", "verify", onnx.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("DIFFERS");
  }

  /** Where a LayerNorm's scale, {@code count} ones in a row, begins. */
  private static int indexOfRun(byte[] bytes, byte[] value, int count) {
    for (int start = 0; start + 4 * count <= bytes.length; start++) {
      int same = 0;
      while (same < count
          && Arrays.equals(bytes, start + 4 * same, start + 4 * same + 4, value, 0, 4)) {
        same++;
      }
      if (same == count) {
        return start;
      }
    }
    throw new AssertionError("no LayerNorm scale in the file");
  }

  @Test
  void randomise_writes_a_control_that_says_where_it_comes_from() throws IOException {
    assertThat(run("encoder", "randomise", onnx.toString(), "--seed", "7", "--format", "json"))
        .isZero();
    Path control = folder.resolve("vit-randomised.onnx");
    JsonNode result = Json.MAPPER.readTree(out.toString());
    assertThat(result.get("file").asText()).isEqualTo(control.toString());
    assertThat(result.get("deviations")).hasSize(1 + 2 * 4);

    EncoderFile written = EncoderFile.read(control);

    assertThat(written.sha256()).isEqualTo(result.get("sha256").asText());
    JsonNode provenance = written.provenance();
    assertThat(provenance.get("method").asText()).isEqualTo("randomised");
    assertThat(provenance.get("seed").asLong()).isEqualTo(7);
    assertThat(provenance.get("source").get("digest").asText())
        .isEqualTo(EncoderFile.read(onnx).digest());
    assertThat(run("encoder", "verify", control.toString())).isZero();
  }

  @Test
  void randomise_does_not_overwrite_its_source() throws IOException {
    byte[] before = Files.readAllBytes(onnx);
    assertThat(run("encoder", "randomise", onnx.toString(), "--out", onnx.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("--out: is the encoder itself");
    assertThat(Files.readAllBytes(onnx)).isEqualTo(before);
  }

  @Test
  void a_file_that_is_not_onnx_is_bad_input() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.onnx"), "notes");
    assertThat(run("encoder", "verify", text.toString())).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("downstream: ")
        .contains("notes.onnx: is not an ONNX model");
  }
}
