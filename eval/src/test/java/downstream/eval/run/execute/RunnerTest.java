package downstream.eval.run.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.data.DataSet;
import downstream.eval.data.DataSets;
import downstream.eval.data.Inventory;
import downstream.eval.data.synthetic.SyntheticScenes;
import downstream.eval.run.ControlPolicy;
import downstream.eval.run.EvaluationRequest;
import downstream.eval.run.Fakes;
import downstream.eval.run.Result;
import downstream.eval.run.ResultFile;
import downstream.eval.run.RunStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunnerTest {
  @TempDir private Path out;
  private final List<String> log = new ArrayList<>();

  private List<Outcome> run(EvaluationRequest evaluation) throws IOException {
    return run(out, evaluation);
  }

  private List<Outcome> run(Path store, EvaluationRequest evaluation) throws IOException {
    log.clear();
    return new Runner(RunStore.open(store, 0), Clock.systemUTC(), log::add).run(evaluation);
  }

  @Test
  void one_training_serves_all_splits_of_a_seed() throws IOException {
    List<Outcome> outcomes = run(Fakes.evaluation(Fakes.data(), 0));
    assertThat(outcomes)
        .extracting(o -> o.result().task().split() + o.result().seeds().declared())
        .containsExactly("day0", "dusk0", "day1", "dusk1");
    assertThat(log).filteredOn(line -> line.contains("training on 10 images")).hasSize(2);
    assertThat(outcomes).extracting(Outcome::kind).containsOnly(Outcome.Kind.MEASURED);
  }

  @Test
  void stores_everything_a_reader_needs() throws IOException {
    Outcome outcome = run(Fakes.drawn()).get(0);
    JsonNode run = Json.read(outcome.file());
    assertThat(run.path("schema").asText()).isEqualTo("downstream/result/1");
    assertThat(run.path("id").asText()).hasSize(64);
    assertThat(run.path("status").asText()).isEqualTo("ok");
    assertThat(run.at("/task/higher_is_better/miss").asBoolean(true)).isFalse();
    assertThat(run.at("/task/metric").asText()).isEqualTo("AP");
    assertThat(run.at("/metrics/APl").isNull()).isTrue();
    assertThat(run.at("/reasons/APl").asText()).isNotEmpty();
    assertThat(run.at("/protocol/fields/schedule/steps").asInt()).isEqualTo(20);
    assertThat(run.at("/encoder/digest").asText()).hasSize(64);
    assertThat(run.at("/data/train/images").asInt()).isEqualTo(10);
    assertThat(run.at("/evaluator/version").asText()).isEqualTo("7");
    assertThat(run.at("/evaluator/self_test_digest").asText()).isEqualTo("abc");
    assertThat(run.at("/evaluator/largest_deviation").asDouble()).isEqualTo(0.5);
    assertThat(run.at("/env/djl").asText()).matches("[0-9.]+");
    assertThat(run.at("/time/phases/train").asDouble(-1)).isNotNegative();
    assertThat(run.at("/provenance/command/0").asText()).isEqualTo("downstream");
    assertThat(run.path("artifacts"))
        .extracting(a -> a.path("path").asText())
        .containsExactly(
            "run-0/config.resolved.yaml",
            "run-0/log.jsonl",
            "run-0/plots/loss.png",
            "run-0/plots/spans.png",
            "run-0/predictions.json",
            "run-0/statistics.gz");
    assertThat(ResultFile.defects(outcome.file(), ResultFile.read(outcome.file()))).isEmpty();
  }

  @Test
  void lies_where_its_digests_say() throws IOException {
    EvaluationRequest evaluation = Fakes.evaluation(Fakes.data(), 0);
    Outcome outcome = run(evaluation).get(0);
    Result result = outcome.result();
    assertThat(out.relativize(outcome.file()).toString())
        .isEqualTo(
            String.join(
                "/",
                "tiny",
                result.encoder().digest().substring(0, 12),
                "spans@1",
                "road-day-" + result.data().fingerprint().substring(0, 8),
                result.protocol().fingerprint().substring(0, 12),
                "run-0.json"));
  }

  @Test
  void same_question_gets_the_same_id_and_metrics_elsewhere(@TempDir Path other)
      throws IOException {
    List<Outcome> first = run(out, Fakes.evaluation(Fakes.data(), 0));
    List<Outcome> second = run(other, Fakes.evaluation(Fakes.data(), 0));
    assertThat(second).extracting(o -> o.result().id()).isEqualTo(ids(first));
    assertThat(ids(first)).doesNotHaveDuplicates();
  }

  private static List<String> ids(List<Outcome> outcomes) {
    return outcomes.stream().map(o -> o.result().id()).toList();
  }

  @Test
  void stored_runs_are_reused_and_said_to_be() throws IOException {
    List<Outcome> first = run(Fakes.evaluation(Fakes.data(), 0));
    List<Outcome> second = run(Fakes.evaluation(Fakes.data(), 0));
    assertThat(second).extracting(Outcome::kind).containsOnly(Outcome.Kind.REUSED);
    assertThat(second).extracting(o -> o.result().id()).isEqualTo(ids(first));
    assertThat(log).hasSize(4).allMatch(line -> line.contains("stored already, not run again"));
  }

  @Test
  void damaged_run_is_measured_again() throws IOException {
    Outcome first = run(Fakes.evaluation(Fakes.data(), 0)).get(0);
    Files.writeString(first.file().resolveSibling("run-0/predictions.json"), "{");
    List<Outcome> second = run(Fakes.evaluation(Fakes.data(), 0));
    assertThat(second)
        .extracting(Outcome::kind)
        .containsExactly(
            Outcome.Kind.MEASURED, Outcome.Kind.REUSED, Outcome.Kind.REUSED, Outcome.Kind.REUSED);
    assertThat(log).anyMatch(line -> line.contains("does not match its digest"));
    assertThat(second.get(0).result().id()).isEqualTo(first.result().id());
  }

  @Test
  void other_protocol_data_or_training_set_is_another_run() throws IOException {
    run(Fakes.evaluation(Fakes.data(), 0));
    DataSet otherTrain =
        new DataSet("road", Fakes.images("road/train", 9), Fakes.data().evaluation());
    for (EvaluationRequest other :
        List.of(
            Fakes.evaluation(Fakes.data(), 0, "schedule.steps=21"),
            Fakes.evaluation(otherTrain, 0))) {
      assertThat(run(other)).extracting(Outcome::kind).containsOnly(Outcome.Kind.MEASURED);
    }
    assertThat(runFiles()).hasSize(12);
  }

  @Test
  void label_fraction_reduces_the_training_set_only() throws IOException {
    Result result =
        run(Fakes.evaluation(Fakes.data(), 0, "data.labelFraction=0.3")).get(0).result();
    assertThat(result.data().train().images()).isEqualTo(3);
    assertThat(result.data().train().of()).isEqualTo(10);
    assertThat(result.counts()).containsEntry("images", 6L);
  }

  @Test
  void limited_run_says_so_and_lies_elsewhere() throws IOException {
    Result result = run(Fakes.evaluation(Fakes.data(), 2)).get(0).result();
    assertThat(result.limited()).contains(new Result.Limit(2));
    assertThat(result.counts()).containsEntry("images", 2L);
    run(Fakes.evaluation(Fakes.data(), 0));
    assertThat(runFiles()).hasSize(8);
  }

  @Test
  void failed_training_is_stored_and_the_next_seed_goes_on() throws IOException {
    List<Outcome> outcomes = run(Fakes.evaluation(Fakes.data(), 0, "fail=fit"));
    assertThat(outcomes).hasSize(4).extracting(Outcome::kind).containsOnly(Outcome.Kind.FAILED);
    Result stored = ResultFile.read(outcomes.get(0).file());
    assertThat(stored.status()).isEqualTo(Result.Status.FAILED);
    assertThat(stored.reason()).hasValueSatisfying(r -> assertThat(r).contains("broke off in fit"));
    assertThat(stored.metrics()).isEmpty();
  }

  @Test
  void failed_run_is_tried_again_from_its_checkpoint() throws IOException {
    run(Fakes.evaluation(Fakes.data(), 0, "fail=score"));
    List<Outcome> again = run(Fakes.evaluation(Fakes.data(), 0, "fail=score"));
    assertThat(again).extracting(Outcome::kind).containsOnly(Outcome.Kind.FAILED);
    assertThat(again.get(0).result().time().resumed()).isTrue();
    assertThat(log).anyMatch(line -> line.contains("measured again: the last attempt"));
  }

  @Test
  void nothing_unfinished_is_left_after_success() throws IOException {
    run(Fakes.evaluation(Fakes.data(), 0));
    try (Stream<Path> files = Files.walk(out)) {
      assertThat(files)
          .isNotEmpty()
          .noneMatch(f -> f.endsWith("checkpoint.bin") || f.toString().endsWith(".part"));
    }
  }

  @Test
  void run_without_statistics_is_partial() throws IOException {
    Result result = run(Fakes.evaluation(Fakes.data(), 0, "fail=statistics")).get(0).result();
    assertThat(result.status()).isEqualTo(Result.Status.PARTIAL);
    assertThat(result.metrics().get("AP")).isPresent();
  }

  @Test
  void bad_data_stops_at_once_and_leaves_no_run() throws IOException {
    assertThatThrownBy(() -> run(Fakes.evaluation(Fakes.data(), 0, "fail=data")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("has no spans");
    assertThat(runFiles()).isEmpty();
  }

  @Test
  void second_process_on_the_same_run_is_refused() throws IOException {
    EvaluationRequest evaluation = Fakes.evaluation(Fakes.data(), 0);
    Path fit =
        RunStore.at(out)
            .fitFolder(
                "tiny",
                evaluation.encoders().get(0).digest(),
                evaluation.task(),
                evaluation.data().train().fingerprint(),
                evaluation.protocol(),
                0);
    // A lock of this JVM is seen as one of another process would be.
    RunStore.open(out, 0);
    try (TrainingFolderLock lock = TrainingFolderLock.take(fit)) {
      assertThat(lock.holdsCheckpoint()).isFalse();
      assertThatThrownBy(() -> run(evaluation))
          .isInstanceOf(BadInput.class)
          .hasMessageContaining("another process is working on this run");
    }
    assertThat(run(evaluation)).hasSize(4);
  }

  @Test
  void place_held_by_another_run_is_refused() throws IOException {
    Outcome outcome = run(Fakes.evaluation(Fakes.data(), 0)).get(0);
    var foreign = (com.fasterxml.jackson.databind.node.ObjectNode) Json.read(outcome.file());
    ((com.fasterxml.jackson.databind.node.ObjectNode) foreign.path("encoder")).put("digest", "ff");
    Files.write(outcome.file(), Json.pretty(foreign));
    assertThatThrownBy(() -> run(Fakes.evaluation(Fakes.data(), 0)))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("is in use by another run");
  }

  @Test
  void plan_shows_what_is_there_and_what_is_not() throws IOException {
    EvaluationRequest evaluation = Fakes.evaluation(Fakes.data(), 0);
    Runner runner = new Runner(RunStore.at(out), Clock.systemUTC(), log::add);
    assertThat(runner.plan(evaluation)).extracting(Runner.Planned::state).containsOnly("new");
    run(evaluation);
    assertThat(runner.plan(evaluation)).extracting(Runner.Planned::state).containsOnly("done");
  }

  @Test
  void what_a_split_held_is_kept_once_and_whole() throws IOException {
    DataSet data = DataSets.open(new SyntheticScenes(3, 2, 32, 1).write(out.resolve("scenes")));
    Path store = out.resolve("runs");
    EvaluationRequest trial = Fakes.evaluation(data, 1);
    run(store, Fakes.evaluation(data, 0));
    run(store, trial);
    Path list = RunStore.at(store).inventory(data.train().fingerprint());
    assertThat(Inventory.read(list)).isEqualTo(data.train().inventory().orElseThrow());
    // A trial's digest covers the images that it left out: so does its list.
    String limited = trial.data().train().fingerprint();
    assertThat(RunStore.at(store).inventory(limited)).hasSameBinaryContentAs(list);
    // Two splits, whole and limited.
    assertThat(list.resolveSibling(".").toFile().list()).hasSize(4);

    Files.writeString(list, "as it is");
    run(store, Fakes.evaluation(data, 0));
    assertThat(list).hasContent("as it is");
  }

  @Test
  void store_is_found_around_a_run() throws IOException {
    Outcome outcome = run(Fakes.evaluation(Fakes.data(), 0)).get(0);
    assertThat(RunStore.around(outcome.file()).orElseThrow().inventory("f"))
        .isEqualTo(RunStore.at(out).inventory("f"));
    Files.delete(out.resolve("downstream-runs.json"));
    assertThat(RunStore.around(outcome.file())).isEmpty();
  }

  @Test
  void same_encoder_twice_is_refused() {
    var twice = List.of(Fakes.encoder("tiny", 0), Fakes.encoder("tiny", 0));
    var one = Fakes.evaluation(Fakes.data(), 0);
    assertThatThrownBy(
            () ->
                new EvaluationRequest(
                    twice,
                    one.task(),
                    new DataSet("d", Fakes.images("t", 1), Map.of("v", Fakes.images("v", 1))),
                    one.protocol(),
                    List.of(0L),
                    0,
                    1,
                    downstream.eval.Device.CPU,
                    0,
                    ControlPolicy.WITH,
                    0,
                    List.of(),
                    ""))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("is given twice");
  }

  private List<Path> runFiles() throws IOException {
    try (Stream<Path> files = Files.walk(out)) {
      return files.filter(f -> f.getFileName().toString().matches("run-\\d+\\.json")).toList();
    }
  }
}
