package downstream.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoVerbTest {
  @TempDir Path folder;

  @Test
  void pretrains_all_three_and_stops_at_the_first_verb_that_fails() {
    // This module's class path holds no task.
    String out = folder.resolve("demo").toString();
    String said = demo("--size", "tiny", "--threads", "1", "--out", out);
    assertThat(said).startsWith("2 ").contains("task 'detection': is not installed");
    assertThat(said).contains("demo: stopped, 'eval ").doesNotContain("leaderboard build");
    for (String method : new String[] {"random", "byol", "orl", "ioca"}) {
      assertThat(folder.resolve("demo").resolve(method).resolve(method + ".onnx")).isNotEmptyFile();
      assertThat(said).contains("$ downstream encoder verify " + folder.resolve("demo"));
    }
  }

  @Test
  void refuses_a_folder_that_holds_something_else() throws IOException {
    Files.writeString(folder.resolve("thesis.txt"), "all of it");
    assertThat(demo("--size", "tiny", "--threads", "1", "--out", folder.toString()))
        .contains("is in use: it holds 'thesis.txt'");
  }

  @Test
  void refuses_an_unknown_size() {
    assertThat(demo("--size", "huge")).contains("--size: 'huge' is unknown. standard or tiny");
  }

  @Test
  void gathers_pictures_of_pretrainings_and_runs() throws IOException {
    write("mae/loss.png");
    write("runs/mae/0a1b/detection@1/scenes-val-0/2c/run-3/figures/detections.png");
    Pictures.collect(folder);
    assertThat(folder.resolve("pictures/mae-loss.png")).isNotEmptyFile();
    assertThat(folder.resolve("pictures/mae-detection-3-detections.png")).isNotEmptyFile();
    Pictures.collect(folder);
    assertThat(folder.resolve("pictures")).isDirectoryNotContaining("glob:**pictures-*");
  }

  private void write(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "picture");
  }

  private static String demo(String... flags) {
    String[] command = new String[flags.length + 1];
    command[0] = "demo";
    System.arraycopy(flags, 0, command, 1, flags.length);
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
