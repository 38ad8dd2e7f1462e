package downstream.pretrain.cli;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.cli.Main;
import downstream.eval.encoder.EncoderFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
  private static final List<String> METHODS = List.of("random", "byol", "orl", "ioca");

  @TempDir Path folder;

  @Test
  void without_tasks_nothing_is_begun() {
    // This module's class path holds no task.
    Path out = folder.resolve("demo");
    String said = demo("--size", "tiny", "--threads", "1", "--out", out.toString());
    assertThat(said).startsWith("2 ").contains("task 'detection': is not installed");
    assertThat(out).doesNotExist();
  }

  /** Three calls on one folder: a part that fails, that part alone, and nothing. */
  @Test
  void its_suite_pretrains_what_is_missing_and_a_failure_lets_the_others_go_on()
      throws IOException {
    Path out = folder.resolve("demo");
    Path stray = Files.createDirectories(out.resolve("byol")).resolve("thesis.txt");
    Files.writeString(stray, "all of it");
    Files.writeString(out.resolve("suite.json"), "{}");
    String first = encodersOnly(out);
    assertThat(first).startsWith("3 ").contains("5 parts: 4 ran, 0 done before, 1 failed");
    assertThat(out.resolve("ioca/ioca.onnx")).isNotEmptyFile();
    Files.delete(stray);
    String second = encodersOnly(out);
    assertThat(second).startsWith("0 ").contains("5 parts: 1 ran, 4 done before");
    Set<String> architectures = new HashSet<>();
    for (String method : METHODS) {
      Path file = out.resolve(method).resolve(method + ".onnx");
      architectures.add(EncoderFile.read(file).architecture());
      assertThat(first + second).contains("$ downstream encoder verify " + file);
    }
    // So the random-init encoder is the control of all, and no other is scored.
    assertThat(architectures).hasSize(1);
    assertThat(encodersOnly(out))
        .startsWith("0 ")
        .contains("ioca: already finished, not trained again")
        .contains("nothing to do: all 5 parts were done before");
  }

  private static String encodersOnly(Path out) {
    List<String> command = List.of("suite", "../suites/demo-tiny.yaml", "--encoders-only");
    return run(
        Stream.concat(command.stream(), Stream.of("--threads", "1", "--out", out.toString()))
            .toArray(String[]::new));
  }

  @Test
  void refuses_a_folder_that_holds_something_else() throws IOException {
    Files.writeString(folder.resolve("thesis.txt"), "all of it");
    assertThat(demo("--size", "tiny", "--threads", "1", "--out", folder.toString()))
        .contains("is in use: it holds 'thesis.txt'");
  }

  @Test
  void refuses_an_unknown_size() {
    assertThat(demo("--size", "huge"))
        .contains("--size: 'huge' is unknown. Choose standard or tiny");
  }

  @Test
  void gathers_plots_of_pretrainings_and_runs() throws IOException {
    write("mae/loss.png");
    write("ioca/mining/pairs.png");
    write("mae/visualisations/step-000010-reconstructions.png");
    write("mae/visualisations/step-000100-reconstructions.png");
    Files.writeString(folder.resolve("mae/visualisations/step-000100-reconstructions.png"), "last");
    write("runs/mae/0a1b/detection@1/scenes-val-0/2c/run-3/plots/detections.png");
    DemoPlots.collect(folder);
    assertThat(folder.resolve("plots/mae-loss.png")).isNotEmptyFile();
    assertThat(folder.resolve("plots/ioca-mining-pairs.png")).isNotEmptyFile();
    assertThat(folder.resolve("plots/mae-reconstructions.png")).hasContent("last");
    assertThat(folder.resolve("plots/mae-detection-3-detections.png")).isNotEmptyFile();
    DemoPlots.collect(folder);
    assertThat(folder.resolve("plots")).isDirectoryNotContaining("glob:**plots-*");
  }

  private void write(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "plot");
  }

  private static String demo(String... flags) {
    return run(Stream.concat(Stream.of("demo"), Stream.of(flags)).toArray(String[]::new));
  }

  /** The exit code, and what was said. */
  private static String run(String... command) {
    PrintStream before = System.err;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      int code = Main.run(command);
      return code + " " + captured.toString(StandardCharsets.UTF_8);
    } finally {
      System.setErr(before);
    }
  }
}
