package downstream.eval.suite;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.Json;
import downstream.eval.cli.Main;
import downstream.eval.run.Fakes;
import downstream.eval.run.execute.TrainingFolderLock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteCommandTest {
  @TempDir private Path folder;
  private String out = "";
  private String err = "";

  @BeforeEach
  void make_two_encoders() {
    Fakes.encoder("a", 1).write(folder.resolve("a.onnx"));
    Fakes.encoder("b", 2).write(folder.resolve("b.onnx"));
  }

  /** Two encoders, two seeds, two protocols on generated scenes. */
  private String grid() {
    return """
    parameters:
      first: 0
      folder:
    data:
      scenes: {scenes: {images: 2, val: 1, size: 32, seed: $first}}
    encoders:
      a: {file: $folder/a.onnx}
      b: {file: $folder/b.onnx}
    board: false
    evaluations:
      - {task: spans, data: [scenes], protocols: [plain], set: [schedule.steps=20], seeds: 2, firstSeed: $first}
      - {task: spans, data: [scenes], protocols: [plain], set: [schedule.steps=30], encoders: [b]}
    """;
  }

  private int suite(String yaml, String... more) {
    try {
      Files.writeString(folder.resolve("grid.yaml"), yaml);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    List<String> command =
        new ArrayList<>(List.of("suite", folder.resolve("grid.yaml").toString()));
    command.addAll(List.of("--out", folder.resolve("out").toString(), "--device", "cpu"));
    command.addAll(List.of("--threads", "1", "--set", "folder=" + folder));
    command.addAll(List.of(more));
    PrintStream beforeOut = System.out;
    PrintStream beforeErr = System.err;
    var outBytes = new ByteArrayOutputStream();
    var errBytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
    try {
      return Main.run(command.toArray(String[]::new));
    } finally {
      System.setOut(beforeOut);
      System.setErr(beforeErr);
      out = outBytes.toString(StandardCharsets.UTF_8);
      err = errBytes.toString(StandardCharsets.UTF_8);
    }
  }

  /** {@code encoder steps seed} of every stored run. */
  private List<String> runs() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("out/runs"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("run-\\d+\\.json"))
          .map(Json::read)
          .map(
              run ->
                  run.at("/encoder/name").asText().replaceAll("-[0-9a-f]{8}$", "")
                      + " "
                      + run.at("/protocol/fields/schedule/steps").asInt()
                      + " "
                      + run.at("/seeds/declared").asInt())
          .sorted()
          .toList();
    }
  }

  @Test
  void works_off_the_grid_and_then_has_nothing_to_do() throws IOException {
    assertThat(suite(grid())).as(err).isZero();
    assertThat(runs())
        .containsExactly(
            "a 20 0",
            "a 20 1",
            "b 20 0",
            "b 20 1",
            "b 30 0",
            "random-init 20 0",
            "random-init 20 1",
            "random-init 30 0");
    assertThat(err).contains("suite: 8 parts: 8 ran, 0 done before");
    assertThat(suite(grid())).isZero();
    assertThat(err).contains("suite: nothing to do: all 6 parts were done before");
    assertThat(err).doesNotContain("$ downstream eval");
  }

  @Test
  void only_what_is_missing_is_done() throws IOException {
    assertThat(suite(grid())).isZero();
    assertThat(suite(grid().replace("seeds: 2", "seeds: 3"))).isZero();
    assertThat(err).contains("--seeds 1 --first-seed 2");
    assertThat(runs()).contains("a 20 2", "b 20 2").hasSize(11);
  }

  @Test
  void failed_part_lets_the_others_go_on_and_is_reported() throws IOException {
    String yaml =
        grid()
            .replace(
                "encoders:\n  a:",
                "encoders:\n  lost: {pretrain: forgetful, images: [scenes]}\n  a:")
            .replace("set: [schedule.steps=30]", "set: [schedule.steps=30, fail=fit]");
    assertThat(suite(yaml)).isEqualTo(3);
    assertThat(runs()).contains("a 20 0", "a 20 1", "b 20 0", "b 20 1");
    assertThat(out)
        .containsPattern("lost +failed +its command ended with 2")
        .containsPattern(
            "lost spans scenes plain schedule.steps=20 seed 0 +skipped +lost is missing")
        .containsPattern(
            "b spans scenes plain schedule.steps=30 fail=fit seed 0 +failed +java.lang.*broke off"
                + " in fit");
  }

  @Test
  void shards_together_do_each_run_once_and_leave_the_rest_to_a_last_call() throws IOException {
    for (int i = 1; i <= 3; i++) {
      assertThat(suite(grid(), "--shard", i + "/3")).as(err).isZero();
      assertThat(err).doesNotContain("stored already");
    }
    assertThat(runs()).containsExactly("a 20 0", "a 20 1", "b 20 0", "b 20 1", "b 30 0");
    assertThat(suite(grid())).isZero();
    assertThat(err).contains("2 ran, 6 done before");
    assertThat(runs()).hasSize(8);
  }

  @Test
  void shard_waits_for_what_another_process_prepares() throws Exception {
    Path lock = folder.resolve("out/.suite/scenes");
    SuiteFolder.claim(folder.resolve("out"));
    TrainingFolderLock held = TrainingFolderLock.take(lock);
    Thread other =
        new Thread(
            () -> {
              try {
                Thread.sleep(1500);
                held.close();
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    other.start();
    assertThat(suite(grid(), "--shard", "1/3")).as(err).isZero();
    other.join();
    assertThat(err).contains("another process is working on scenes; waiting");
  }

  @Test
  void dry_run_shows_parts_time_and_disk_and_writes_nothing() throws IOException {
    assertThat(suite(grid(), "--dry-run")).as(err).isZero();
    assertThat(out)
        .containsPattern("scenes +to do")
        .containsPattern("a spans scenes plain.*waits for scenes");
    assertThat(err).contains("nothing was run").contains("cannot be measured yet");
    assertThat(folder.resolve("out")).doesNotExist();
    assertThat(suite(grid())).isZero();
    assertThat(suite(grid().replace("seeds: 2", "seeds: 3"), "--dry-run")).isZero();
    assertThat(out)
        .containsPattern("a spans scenes plain schedule.steps=20 +2 of 3 runs stored +0\\.0");
    assertThat(err).contains("nothing was run; about 0 minutes, random-init controls");
  }

  @Test
  void what_is_wrong_is_named_before_anything_runs() {
    assertThat(suite("parameters: {folder: }\n")).isEqualTo(2);
    assertThat(err).contains("grid.yaml: names no encoders");
    refuses("task: spans", "taks: fake", "evaluations[0]: unknown key 'taks'", "'task'");
    refuses("file: $folder/a.onnx", "flie: x", "encoders.a: unknown key 'flie'", "'file'");
    refuses("board: false", "bord: false", "grid.yaml: unknown key 'bord'", "'board'");
    refuses("val: 1", "vall: 1", "data.scenes: unknown key 'vall'", "'val'");
    refuses("$folder/a", "$foldr/a", "'$foldr' is not a parameter", "'$folder'");
    refuses("a.onnx", "c.onnx", "encoders.a", "c.onnx' does not exist");
    refuses("encoders: [b]", "encoders: [bb]", "evaluations[1]: encoders: 'bb'", "'b'");
    refuses("steps=20", "stesp=20", "unknown key 'stesp'", "'steps'");
    refuses("task: spans", "task: spams", "task 'spams'", "Did you mean 'spans'");
    refuses("seeds: 2", "seeds: 0", "evaluations[0]", "seeds: expected at least 1, found 0");
    refuses("size: 32", "size: 3", "an image size of 3", "Choose a size from 32 to");
    refuses("  b: {f", "  scenes: {f", "encoders.scenes: 'scenes' is defined twice");
    refuses("  a: {f", "  runs: {f", "encoders.runs", "but not 'runs' or 'board'");
    String forgetful = "a: {pretrain: forgetful, images: [scenes], ";
    refuses("a: {file: $folder/a.onnx", forgetful + "set: [unit=2]", "unknown key 'unit'", "units");
    refuses("a: {file: $folder/a.onnx", forgetful + "preset: big", "no such preset", "small");
    assertThat(suite(grid(), "--set", "frist=3")).isEqualTo(2);
    assertThat(err).contains("--set frist=3").contains("Did you mean 'first'?");
    assertThat(suite(grid(), "--shard", "4/3")).isEqualTo(2);
    assertThat(err).contains("--shard: expected i/n");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  private void refuses(String old, String wrong, String... said) {
    assertThat(suite(grid().replace(old, wrong))).as(wrong).isEqualTo(2);
    assertThat(err).as(wrong).contains(said);
  }

  @Test
  void folder_that_holds_something_else_is_refused() throws IOException {
    Files.createDirectories(folder.resolve("out"));
    Files.writeString(folder.resolve("out/thesis.txt"), "all of it");
    assertThat(suite(grid())).isEqualTo(2);
    assertThat(err).contains("is in use: it holds 'thesis.txt'");
  }
}
