package downstream.leaderboard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.AtomicFile;
import downstream.eval.Digest;
import downstream.eval.Json;
import downstream.eval.data.DataSets;
import downstream.eval.data.ImageList;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.run.Result;
import downstream.eval.run.ResultFile;
import downstream.leaderboard.Bench;
import downstream.leaderboard.Bench.Said;
import downstream.leaderboard.ledger.Ledger;
import downstream.leaderboard.ledger.RunStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaderboardVerifyCommandTest {
  @TempDir private Path folder;
  private Bench bench = new Bench(Path.of(""));

  @BeforeEach
  void build_a_board_of_four_runs() throws IOException {
    bench = Bench.in(folder).eval("good", 0, 2).eval("random", 0, 2);
    assertThat(build().code()).isZero();
  }

  private Said build() {
    return Bench.downstream(
        "leaderboard", "build", bench.runs().toString(), "--out", board().toString());
  }

  private Path board() {
    return folder.resolve("board");
  }

  private Said verify(String... more) {
    var command =
        new java.util.ArrayList<>(List.of("leaderboard", "verify", "--board", board().toString()));
    command.addAll(java.util.Arrays.asList(more));
    return Bench.downstream(command.toArray(new String[0]));
  }

  @Test
  void untouched_board_matches() {
    Said said = verify();
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.err()).contains("4 runs: 0 do not match, 4 score the same again");
  }

  @Test
  void changed_metric_is_named_with_its_run() throws IOException {
    Path run = bench.run("good", 1);
    double ap = ResultFile.read(run).metrics().getOrDefault("AP", Optional.empty()).orElseThrow();
    Files.writeString(run, Files.readString(run).replace("" + ap, "0.99"));
    Said said = verify();
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.out())
        .contains("run-1.json was changed after it entered")
        .contains("its content does not match its id")
        .contains("AP is stored as 0.99, its predictions give " + ap);
    assertThat(said.err()).contains("1 do not match, 3 score the same");
  }

  @Test
  void changed_prediction_is_named_with_its_run() throws IOException {
    tamperWithPrediction();
    Said said = verify();
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.out())
        .contains("predictions.json does not match its digest")
        .containsPattern("AP is stored as [0-9.]+, its predictions give [0-9.]+");
  }

  private Path tamperWithPrediction() throws IOException {
    Path file = bench.run("good", 1).resolveSibling("run-1/predictions.json");
    JsonNode all = Json.read(file);
    JsonNode first = all.get("p3.png") == null ? all.iterator().next() : all.get("p3.png");
    ((ArrayNode) first).removeAll();
    Files.write(file, Json.pretty(all));
    return file;
  }

  /** Whoever corrects all digests of a run still does not get its scores past the predictions. */
  @Test
  void prediction_changed_together_with_every_digest_of_the_run_is_named() throws IOException {
    Path predictions = tamperWithPrediction();
    Path run = bench.run("good", 1);
    ObjectNode tree = (ObjectNode) Json.read(run);
    for (JsonNode artifact : tree.path("artifacts")) {
      if (artifact.path("path").asText().endsWith("predictions.json")) {
        ((ObjectNode) artifact).put("sha256", Digest.of(predictions));
        ((ObjectNode) artifact).put("bytes", Files.size(predictions));
      }
    }
    Result forged = ResultFile.write(run, Json.MAPPER.treeToValue(tree, Result.class));
    assertThat(ResultFile.defects(run, forged)).isEmpty();
    Said said = verify();
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.out()).contains("its id is " + forged.id()).contains("DIFFERENT");
    // Nor does it get into the ranks in place of the run that entered.
    assertThat(build().err()).contains("not the run that entered the ledger in line");
  }

  /** A leak that somebody writes out of a run before it enters comes back with the images. */
  @Test
  void forged_leak_check_is_named_while_the_list_is_at_hand() throws IOException {
    ImageList seen = ImageList.of(DataSets.images(List.of(bench.data().resolve("val").toString())));
    AtomicFile.write(EncoderFile.imagesBeside(folder.resolve("good.onnx")), seen.bytes());
    Path run = bench.eval("good", 5, 1).run("good", 5);
    ObjectNode tree = (ObjectNode) Json.read(run);
    assertThat(tree.at("/data/leak/status").asText()).isEqualTo("leaked");
    tree.withObject("/data/leak")
        .put("status", "none")
        .put("identical", 0)
        .putArray("identical_images");
    ResultFile.write(run, Json.MAPPER.treeToValue(tree, Result.class));
    assertThat(build().code()).isZero();
    Said said = verify();
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.out())
        .contains("its leak check gives \"24 images are also pretraining images")
        .contains("which is not what is stored");
  }

  @Test
  void changed_and_exchanged_lines_fail_and_stop_the_board() throws IOException {
    Path file = board().resolve(Ledger.FILE);
    String text = Files.readString(file);
    Files.writeString(file, text.replace("/run-0.json", "/run-7.json"));
    assertThat(verify().code()).isEqualTo(1);
    assertThat(verify().err()).contains("line 1 was changed");
    assertThat(build().code()).isEqualTo(1);
    var lines = new java.util.ArrayList<>(text.lines().toList());
    java.util.Collections.swap(lines, 0, 1);
    Files.write(file, lines);
    assertThat(verify().err()).contains("line 1 has number 2");
  }

  @Test
  void missing_data_is_not_measured_and_never_passes() throws IOException {
    Files.move(bench.data(), folder.resolve("elsewhere"));
    Said said = verify();
    assertThat(said.code()).isEqualTo(3);
    assertThat(said.out()).contains("not measured").contains("Give the data set 'lines'");
    assertThat(verify("--data", folder.resolve("elsewhere").toString()).code()).isZero();
    assertThat(verify("--sample", "0").code()).isZero();
  }

  @Test
  void sample_scores_as_many_as_asked() {
    Said said = verify("--sample", "2", "--seed", "5");
    assertThat(said.code()).isZero();
    assertThat(said.err()).contains("2 score the same again");
  }

  @Test
  void recorded_verification_marks_the_rows() throws IOException {
    assertThat(verify("--record").code()).isZero();
    assertThat(build().code()).isZero();
    String csv = Files.readString(board().resolve("leaderboard.csv"), StandardCharsets.UTF_8);
    assertThat(csv.lines().skip(1)).isNotEmpty().allMatch(line -> line.contains(",verified,"));
  }

  @Test
  void head_that_was_noted_must_still_be_there() throws IOException {
    String head = Ledger.in(board(), java.time.Clock.systemUTC()).read().headDigest();
    assertThat(verify("--head", head).code()).isZero();
    assertThat(verify("--head", "0".repeat(63) + "1").code()).isEqualTo(1);
  }

  @Test
  void retracted_run_is_ranked_no_more_and_its_reason_is_shown() throws IOException {
    Path run = bench.run("good", 0);
    String id = ResultFile.read(run).id();
    Said said =
        Bench.downstream(
            "leaderboard",
            "retract",
            id.substring(0, 10),
            "--reason",
            "wrong normalisation",
            "--board",
            board().toString());
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(build().err()).contains("3 runs ranked").contains("retracted: wrong normalisation");
    assertThat(Ledger.in(board(), java.time.Clock.systemUTC()).read().statuses().get(id))
        .extracting(RunStatus::retracted)
        .isEqualTo(Optional.of("wrong normalisation"));
    // It may then be changed or lost: nothing rests on it any more.
    Files.delete(run);
    assertThat(verify().code()).isZero();
  }

  @Test
  void unknown_run_and_empty_reason_are_bad_input() {
    String board = board().toString();
    assertThat(
            Bench.downstream(
                    "leaderboard", "retract", "feedfacefeed", "--reason", "x", "--board", board)
                .code())
        .isEqualTo(2);
  }

  @Test
  void no_ledger_is_exit_code_3() {
    assertThat(
            Bench.downstream("leaderboard", "verify", "--board", folder.resolve("none").toString())
                .code())
        .isEqualTo(3);
  }
}
