package downstream.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Json;
import downstream.eval.encoder.build.VisionTransformer;
import downstream.eval.run.Fakes;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EvalCommandTest {
  @TempDir private Path folder;
  private String out = "";
  private String err = "";

  @BeforeEach
  void make_data_and_encoder() throws IOException {
    for (String split : List.of("train", "val")) {
      Path images = Files.createDirectories(folder.resolve(split));
      for (int i = 0; i < 3; i++) {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, i + split.length());
        ImageIO.write(image, "png", images.resolve(i + ".png").toFile());
      }
    }
    Files.writeString(
        folder.resolve("data.yaml"),
        """
        name: tiles
        train: [{format: images, images: train}]
        val: [{format: images, images: val}]
        """);
    Fakes.encoder("tiny", 0).write(folder.resolve("tiny.onnx"));
  }

  private int eval(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "eval",
                folder.resolve("tiny.onnx").toString(),
                "--task=spans",
                "--data=" + folder.resolve("data.yaml"),
                "--protocol=plain",
                "--out=" + folder.resolve("runs")));
    arguments.addAll(List.of(more));
    return run(arguments);
  }

  private int run(List<String> arguments) {
    StringWriter printed = new StringWriter();
    StringWriter said = new StringWriter();
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(printed)).setErr(new PrintWriter(said));
    int code = command.execute(arguments.toArray(String[]::new));
    out = printed.toString();
    err = said.toString();
    return code;
  }

  private Path runFile() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("runs"))) {
      return files.filter(file -> file.endsWith("run-0.json")).findFirst().orElseThrow();
    }
  }

  @Test
  void runs_then_reuses_then_rescores() throws IOException {
    assertThat(eval("--format=csv", "--plots=0")).as(err).isZero();
    assertThat(out).startsWith("encoder,data,split,seed,status,AP,miss,APl,run");
    assertThat(out).contains("tiny,tiles,val,0,ok,0.");
    assertThat(eval("--plots=0")).isZero();
    assertThat(out).contains("ok (stored before)");
    assertThat(err).contains("stored already, not run again");
    assertThat(run(List.of("rescore", runFile().toString()))).as(err).isZero();
    assertThat(err).contains("equal to the last digit");
  }

  @Test
  void rescore_of_changed_predictions_is_exit_code_1() throws IOException {
    assertThat(eval("--plots=0")).as(err).isZero();
    Path predictions = runFile().resolveSibling("run-0/predictions.json");
    Files.writeString(predictions, "{}");
    assertThat(run(List.of("rescore", runFile().toString()))).isEqualTo(1);
    assertThat(err).contains("metrics DIFFER from the stored ones");
  }

  @Test
  void cuda_is_refused_where_the_build_is_for_the_cpu() {
    assumeFalse(OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA), "a CUDA build");
    assertThat(eval("--device=cuda:0")).isEqualTo(2);
    assertThat(err)
        .contains("--device: 'cuda:0' cannot be used: this build has ONNX Runtime for the CPU");
    assertThat(folder.resolve("runs")).doesNotExist();
  }

  @Test
  void the_run_says_what_was_asked_and_what_ran() throws IOException {
    assumeFalse(OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA), "a CUDA build");
    assertThat(eval()).isZero();
    JsonNode env = Json.MAPPER.readTree(runFile().toFile()).get("env");
    assertThat(env.get("device").asText()).isEqualTo("auto");
    assertThat(env.get("pytorch_device").asText()).isEqualTo("cpu");
    assertThat(env.get("execution_provider").asText()).isEqualTo("cpu");
    assertThat(env.get("no_gpu").asText()).contains("for the CPU");
    assertThat(err).contains("device: cpu (auto: this build has ONNX Runtime for the CPU)");
  }

  @Test
  void selftest_prints_the_largest_deviation_unrounded() {
    assertThat(run(List.of("selftest", "--format", "csv"))).isZero();
    assertThat(out).contains("spans,7,1,1,0.5,1.0,a guess,abc,yes");
  }

  @Test
  void dry_run_writes_nothing() {
    assertThat(eval("--dry-run", "--seeds=2")).as(err).isZero();
    assertThat(out.lines()).hasSize(3).anyMatch(line -> line.contains("new"));
    assertThat(folder.resolve("runs")).doesNotExist();
  }

  @Test
  void failed_run_is_exit_code_3() {
    assertThat(eval("--set", "fail=fit")).isEqualTo(3);
    assertThat(out).contains("failed");
  }

  @Test
  void unknown_key_names_the_nearest() {
    assertThat(eval("--set", "data.labelFractoin=0.1")).isEqualTo(2);
    assertThat(err).contains("unknown key 'labelFractoin'").contains("'labelFraction'");
    assertThat(folder.resolve("runs")).doesNotExist();
  }

  @Test
  void unknown_task_names_the_installed_ones() {
    assertThat(
            run(List.of("eval", "x.onnx", "--task=spams", "--data=d", "--protocol=p", "--out=o")))
        .isEqualTo(2);
    assertThat(err).contains("task 'spams'").contains("Did you mean 'spans'?");
  }

  @Test
  void output_folder_in_use_is_refused_untouched() throws IOException {
    Path runs = Files.createDirectories(folder.resolve("runs"));
    Files.writeString(runs.resolve("notes.txt"), "mine");
    assertThat(eval()).isEqualTo(2);
    assertThat(err).contains("is in use: it holds 'notes.txt'");
    assertThat(runs.toFile().list()).containsExactly("notes.txt");
  }

  private List<String> stored() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("runs"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("run-\\d+\\.json"))
          .map(file -> Json.read(file).at("/encoder/name").asText().replaceAll("-[0-9a-f]{8}$", ""))
          .sorted()
          .toList();
    }
  }

  @Test
  void control_is_scored_once_for_all_encoders_of_its_architecture() throws IOException {
    assertThat(eval("--plots=0")).as(err).isZero();
    assertThat(stored()).containsExactly("random-init", "tiny");
    Fakes.encoder("other", 5).write(folder.resolve("other.onnx"));
    assertThat(eval(folder.resolve("other.onnx").toString(), "--plots=0")).as(err).isZero();
    assertThat(stored()).containsExactly("other", "random-init", "tiny");
    JsonNode run = Json.read(runFile());
    assertThat(run.at("/control/architecture").asText()).hasSize(64);
    assertThat(run.at("/control/scored").asText()).isEqualTo("with");
    // More seeds than the stored control has: it gets them, too.
    assertThat(eval("--plots=0", "--seeds=2")).as(err).isZero();
    assertThat(stored()).containsExactly("other", "random-init", "random-init", "tiny", "tiny");
  }

  @Test
  void random_init_encoder_among_those_asked_for_is_the_control() throws IOException {
    List<Double> half = List.of(0.5, 0.5, 0.5);
    VisionTransformer.build(
            new downstream.eval.encoder.VitArchitecture(16, 8, 8, 1, 2, 4),
            "random",
            3,
            half,
            half,
            Json.MAPPER.createObjectNode().put("method", "random"))
        .write(folder.resolve("random.onnx"));
    assertThat(eval(folder.resolve("random.onnx").toString(), "--plots=0")).as(err).isZero();
    assertThat(stored()).containsExactly("random", "tiny");
    assertThat(eval("--plots=0")).isZero();
    assertThat(stored()).containsExactly("random", "tiny");
  }

  @Test
  void control_left_out_is_said_on_the_run() throws IOException {
    assertThat(eval("--plots=0", "--control=none")).as(err).isZero();
    assertThat(stored()).containsExactly("tiny");
    assertThat(Json.read(runFile()).at("/control/scored").asText()).isEqualTo("none");
    assertThat(eval("--plots=0", "--control=only")).as(err).isZero();
    assertThat(stored()).containsExactly("random-init", "tiny");
    assertThat(eval("--plots=0", "--control=only", "--dry-run")).isZero();
    assertThat(err).doesNotContain("the random-init control of");
  }

  @Test
  void encoder_no_better_than_its_control_is_said_loudly() {
    // The fake task does not see the encoder, so either of the two can be the better one.
    assertThat(eval("--plots=0")).isZero();
    List<String> scores =
        out.lines().filter(line -> line.contains(" val ")).map(l -> l.split(" +")[5]).toList();
    assertThat(scores).hasSize(2);
    boolean better = Double.parseDouble(scores.get(0)) > Double.parseDouble(scores.get(1));
    assertThat(err.contains("tiny on val is NOT BETTER than the same graph with random weights"))
        .isEqualTo(!better);
  }

  @Test
  void limit_below_zero_is_refused() {
    assertThat(eval("--limit=-1")).isEqualTo(2);
    assertThat(err).contains("--limit: expected at least 0, found -1");
  }

  @Test
  void ls_shows_the_task_and_the_commands() {
    assertThat(run(List.of("ls"))).isZero();
    assertThat(out).containsPattern("task +spans").containsPattern("command +rescore");
  }
}
