package downstream.leaderboard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.FileTree;
import downstream.eval.Json;
import downstream.eval.data.image.LabelMap;
import downstream.eval.run.Result;
import downstream.eval.run.ResultFile;
import downstream.leaderboard.Bench;
import downstream.leaderboard.Bench.Said;
import downstream.leaderboard.ledger.StoredRunFinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReproduceCommandTest {
  @TempDir private Path folder;
  private Bench bench = new Bench(Path.of(""));

  @BeforeEach
  void store_three_runs() throws IOException {
    bench = Bench.in(folder).eval("good", 0, 3);
  }

  private Said reproduce(String... more) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("reproduce", bench.run("good", 1).toString(), "--device", "cpu"));
    command.addAll(List.of("--out", folder.resolve("again").toString()));
    command.addAll(Arrays.asList(more));
    return Bench.downstream(command.toArray(new String[0]));
  }

  /** Stores the run as if it had come out better by this much, its digests being whole. */
  private void claimMore(double gain) throws IOException {
    bench.eval("good", 3, 3);
    Path run = bench.run("good", 1);
    ObjectNode tree = (ObjectNode) Json.read(run);
    ObjectNode metrics = (ObjectNode) tree.path("metrics");
    metrics.put("AP", metrics.path("AP").asDouble() + gain);
    ResultFile.write(run, Json.MAPPER.treeToValue(tree, Result.class));
  }

  private void nothingWasRunBecause(Said said, String why) {
    assertThat(said.code()).as(said.err()).isEqualTo(3);
    assertThat(said.err()).contains(why).contains("nothing was run");
    assertThat(folder.resolve("again")).doesNotExist();
  }

  @Test
  void same_inputs_give_the_same_run() throws IOException {
    Said said = reproduce();
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.err()).contains("REPRODUCED exactly");
    assertThat(said.out()).contains("the same");
    // What was done once proves nothing when it is found again.
    assertThat(reproduce().code()).isEqualTo(2);
  }

  @Test
  void difference_that_seeds_make_too_is_noise() throws IOException {
    claimMore(1e-3);
    Said said = reproduce();
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.err()).contains("REPRODUCED within noise").doesNotContain("exactly");
    assertThat(said.out())
        .containsPattern("AP .* within noise")
        .containsPattern("miss .* the same");
  }

  @Test
  void difference_that_seeds_do_not_make_is_not_reproduced() throws IOException {
    claimMore(-0.6);
    Said said = reproduce();
    assertThat(said.code()).as(said.err()).isEqualTo(1);
    assertThat(said.err()).contains("NOT REPRODUCED; first batches and last weights are the same");
    assertThat(said.out()).containsPattern("AP .* DIFFERS");
  }

  @Test
  void row_is_all_its_runs_and_needs_a_section_where_the_encoder_is_in_several()
      throws IOException {
    bench.eval("good", 0, 2, "--set", "suppressionIou=0.7");
    assertThat(row("good").err()).contains("is in 2 sections", "Choose one of them with --section");
    String other = ResultFile.read(bench.run("good", 2)).protocol().fingerprint().substring(0, 10);
    Said said = row("good", "--section", other);
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.err().split("REPRODUCED exactly", -1)).hasSize(4);
    assertThat(row("none").code()).isEqualTo(2);
  }

  @Test
  void slips_in_the_command_are_named_before_anything_else() {
    assertThat(row("good", "--threads", "-1").err()).contains("--threads: must be at least 1");
    assertThat(row(bench.runs().toString()).err()).contains("is a folder. Give a run's file");
    assertThat(row("good", "--encoder", "none.onnx").err()).contains("none.onnx: no such encoder");
    assertThat(row("good", "--data", "none.yaml").err()).contains("none.yaml: no such data set");
  }

  private Said row(String encoder, String... more) {
    List<String> command = new ArrayList<>(List.of("reproduce", encoder, "--device", "cpu"));
    command.addAll(List.of("--out", folder.resolve("again").toString()));
    command.addAll(List.of("--runs", bench.runs().toString()));
    command.addAll(Arrays.asList(more));
    return Bench.downstream(command.toArray(new String[0]));
  }

  private Path image(String name) {
    return bench.data().resolve(name + ".png");
  }

  private void replace(String what, String by) throws IOException {
    Files.copy(image(by), image(what), StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void changed_image_is_named() throws IOException {
    replace("val/p5", "val/p3");
    nothingWasRunBecause(
        reproduce(), "differs: evaluation split 'lines/val': image 'p5.png' was changed: expected");
  }

  @Test
  void added_and_missing_images_are_named_in_either_split() throws IOException {
    Files.move(image("val/p5"), image("val/q5"));
    replace("train/t1", "val/p3");
    Said said = reproduce();
    nothingWasRunBecause(
        said, "evaluation split 'lines/val': 'p5.png' is gone, 'q5.png' was added");
    nothingWasRunBecause(said, "training split 'lines/train': 't1.png' was added: expected");
  }

  @Test
  void five_images_are_named_and_the_others_counted() throws IOException {
    for (int i = 1; i < 9; i++) {
      replace("val/p" + i, "val/p0");
    }
    nothingWasRunBecause(reproduce(), "image 'p5.png' was changed and 3 more: expected");
  }

  @Test
  void changed_label_is_named_and_changed_classes_are_told_apart() throws IOException {
    FileTree.delete(bench.runs());
    label("train/t0", 0);
    for (int i = 0; i < 24; i++) {
      label("val/p" + i, 0);
    }
    classes("sky, road");
    bench.eval("good", 0, 2);
    label("val/p1", 1);
    nothingWasRunBecause(reproduce(), "'lines/val': the labels of 'p1.png' were changed: expected");
    label("val/p1", 0);
    classes("heaven, road");
    nothingWasRunBecause(reproduce(), "'lines/val': every image and label is what it was; classes");
  }

  private void label(String name, int value) {
    byte[] values = new byte[64];
    values[0] = (byte) value;
    LabelMap.of(8, 8, values).writePng(bench.data().resolve("maps/" + name + ".png"));
  }

  private void classes(String names) throws IOException {
    Files.writeString(
        bench.data().resolve("data.yaml"),
        """
        name: lines
        classes: [%s]
        train: [{format: masks, images: train, masks: maps/train}]
        val: [{format: masks, images: val, masks: maps/val}]
        """
            .formatted(names));
  }

  @Test
  void without_a_list_none_is_named_and_that_is_said() throws IOException {
    replace("val/p5", "val/p3");
    FileTree.delete(bench.runs().resolve(".inventory"));
    Said said = reproduce();
    nothingWasRunBecause(said, "an image or a label was changed, added or removed (which one is");
    nothingWasRunBecause(said, "no list of its images is stored with the runs");
    assertThat(said.err()).doesNotContain("p5.png");
  }

  @Test
  void damaged_list_names_itself_and_no_image() throws IOException {
    replace("val/p5", "val/p3");
    String split = ResultFile.read(bench.run("good", 1)).data().evaluation().fingerprint();
    Path list = bench.runs().resolve(".inventory").resolve(split + ".txt");
    Files.writeString(list, Files.readString(list).replace("p7.png", "p8.png"));
    Said said = reproduce();
    nothingWasRunBecause(said, "its images cannot be used: " + list + ": was changed or cut off");
    assertThat(said.err()).doesNotContain("p5.png", "'p7.png'");
  }

  @Test
  void copied_store_brings_its_lists_and_its_runs() throws IOException {
    Path copy = folder.resolve("copy");
    try (var files = Files.walk(bench.runs())) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(bench.runs().relativize(file)));
      }
    }
    replace("val/p5", "val/p3");
    Path run = copy.resolve(bench.runs().relativize(bench.run("good", 1)));
    Said said =
        Bench.downstream(
            "reproduce", run.toString(), "--out", folder.resolve("again").toString(), "--check");
    nothingWasRunBecause(said, "image 'p5.png' was changed");
    assertThat(StoredRunFinder.of(List.of(copy)).runs()).hasSize(3);
    assertThat(StoredRunFinder.of(List.of(copy)).leftOut()).isEmpty();
  }

  @Test
  void changed_encoder_is_named() throws IOException {
    Files.copy(
        folder.resolve("fair.onnx"),
        folder.resolve("good.onnx"),
        StandardCopyOption.REPLACE_EXISTING);
    nothingWasRunBecause(reproduce(), "encoder 'good': expected a file of SHA-256");
  }

  @Test
  void another_file_of_its_name_does_not_hide_the_encoder() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other")).resolve("good.onnx");
    Files.copy(folder.resolve("fair.onnx"), other);
    Said said = reproduce("--encoder", other.toString(), "--check");
    assertThat(said.code()).as(said.err()).isZero();
  }

  @Test
  void changed_setting_is_named() throws IOException {
    Path run = bench.run("good", 1);
    ObjectNode tree = (ObjectNode) Json.read(run);
    ((ObjectNode) tree.at("/protocol/fields")).put("suppression_iou", 0.9);
    ResultFile.write(run, Json.MAPPER.treeToValue(tree, Result.class));
    nothingWasRunBecause(reproduce(), "protocol 'plain': a setting was changed");
  }

  @Test
  void absent_inputs_are_named_with_what_makes_them() throws IOException {
    Files.delete(folder.resolve("good.onnx"));
    Files.move(folder.resolve("data"), folder.resolve("elsewhere"));
    Said said = reproduce();
    nothingWasRunBecause(said, "encoder 'good' with SHA-256");
    assertThat(said.err()).contains("downstream pretrain good").contains("give it with --data");
  }

  @Test
  void control_is_made_again_from_an_encoder_of_its_architecture() throws IOException {
    bench.eval("good", 0, 1, "--control", "only");
    Path control;
    try (var files = Files.walk(bench.runs())) {
      control =
          files
              .filter(f -> f.endsWith("run-0.json") && f.toString().contains("random-init-"))
              .findFirst()
              .orElseThrow();
    }
    Said said =
        Bench.downstream(
            "reproduce", control.toString(), "--out", folder.resolve("control").toString());
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.err()).contains("REPRODUCED exactly");
  }

  @Test
  void check_alone_runs_nothing() throws IOException {
    assertThat(reproduce("--check").code()).isZero();
    assertThat(folder.resolve("again")).doesNotExist();
  }
}
