package downstream.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Json;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.VisionTransformer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EncoderBenchCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;
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

  private int run(String... options) {
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    String[] words = new String[options.length + 3];
    System.arraycopy(new String[] {"encoder", "bench", onnx.toString()}, 0, words, 0, 3);
    System.arraycopy(options, 0, words, 3, options.length);
    return command.execute(words);
  }

  @Test
  void json_has_every_operation_with_its_spread() throws IOException {
    int code =
        run("--rounds", "2", "--batch", "2", "--size", "64", "--device", "cpu", "--format", "json");
    assertThat(code).as(err.toString()).isZero();
    JsonNode report = Json.MAPPER.readTree(out.toString());
    assertThat(report.get("encoder").asText()).isEqualTo("vit");
    assertThat(report.get("image_size").asInt()).isEqualTo(64);
    assertThat(report.get("batch").asInt()).isEqualTo(2);
    assertThat(report.get("rounds").asInt()).isEqualTo(2);
    assertThat(report.get("device").asText()).isEqualTo("cpu");
    assertThat(report.at("/product_gflops_per_second/median").asDouble()).isPositive();
    JsonNode operations = report.get("operations");
    assertThat(operations.findValuesAsText("operation"))
        .containsExactly("forward", "forward_backward", "frozen_inference");
    for (JsonNode operation : operations) {
      assertThat(operation.get("precision").asText()).isEqualTo("float32");
      assertThat(operation.has("memory_bytes")).isTrue();
      for (String key :
          List.of("seconds", "images_per_second", "gflops_per_second", "share_of_product")) {
        JsonNode spread = operation.get(key);
        assertThat(spread.get("smallest").asDouble()).as(key).isPositive();
        assertThat(spread.get("median").asDouble())
            .as(key)
            .isBetween(spread.get("smallest").asDouble(), spread.get("largest").asDouble());
      }
    }
    assertThat(operations.get(1).get("gflop").asDouble())
        .isEqualTo(3 * operations.get(0).get("gflop").asDouble());
  }

  @Test
  void table_has_a_row_for_every_operation_and_its_precision() {
    int code = run("--rounds", "1", "--batch", "1", "--device", "cpu", "--precision", "bfloat16");
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("vit, 32 px, batch 1, cpu")
        .containsPattern("forward backward +bfloat16 ")
        .containsPattern("frozen inference +float32 ");
  }

  @Test
  void refuses_options_and_says_what_to_give() {
    assertThat(run("--rounds", "0", "--device", "cpu")).isEqualTo(2);
    assertThat(run("--batch", "-1", "--device", "cpu")).isEqualTo(2);
    assertThat(run("--precision", "float64")).isEqualTo(2);
    assertThat(run("--size", "30x40")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--rounds: must be at least 1, not 0. Give a positive number of rounds")
        .contains("--batch: must be at least 1, not -1. Give a positive number of images")
        .contains("--precision: must be float32, tf32 or bfloat16, not 'float64'")
        .contains("--size: '30x40' is not square. Give equal height and width");
  }
}
