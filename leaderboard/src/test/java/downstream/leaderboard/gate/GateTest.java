package downstream.leaderboard.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import downstream.eval.run.Result;
import downstream.leaderboard.Runs;
import downstream.leaderboard.ledger.DataFinder;
import downstream.leaderboard.ledger.StoredRunFinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateTest {
  @TempDir private Path folder;

  private static Verdict judge(Baseline baseline, Double... values) {
    return Gate.judge(baseline, List.of(values), 0.99);
  }

  /** t of three degrees of freedom at 0.99 is 5.8409; the deviation of the seeds is 0.025820. */
  @Test
  void new_seeds_are_allowed_the_prediction_interval_of_the_baselines_seeds() {
    Verdict two = judge(Given.training(), 0.5, 0.4);
    assertThat(two.expected()).isCloseTo(0.43, within(1e-12));
    assertThat(two.measured().orElseThrow()).isCloseTo(0.45, within(1e-12));
    assertThat(two.allowed().orElseThrow())
        .isCloseTo(5.840909 * 0.02581989 * Math.sqrt(1 / 4.0 + 1 / 2.0), within(1e-6));
    assertThat(two.runs()).isEqualTo(2);
    assertThat(two.kind()).isEqualTo(Verdict.Kind.PASSED);
    assertThat(judge(Given.training(), 0.45).allowed().orElseThrow())
        .isCloseTo(5.840909 * 0.02581989 * Math.sqrt(1 / 4.0 + 1), within(1e-6));
  }

  @Test
  void what_leaves_the_interval_is_worse_below_and_better_above() {
    // One new seed is allowed 0.16861 around 0.43.
    assertThat(judge(Given.training(), 0.2613).kind()).isEqualTo(Verdict.Kind.WORSE);
    assertThat(judge(Given.training(), 0.2615).kind()).isEqualTo(Verdict.Kind.PASSED);
    assertThat(judge(Given.training(), 0.5985).kind()).isEqualTo(Verdict.Kind.PASSED);
    assertThat(judge(Given.training(), 0.5987).kind()).isEqualTo(Verdict.Kind.BETTER);
  }

  @Test
  void less_of_a_metric_whose_lower_values_are_better_is_better() {
    Baseline miss = Given.baseline(Baseline.Tier.TRAINING, false, Optional.of(0.125), 0.5);
    assertThat(judge(miss, 0.25).kind()).isEqualTo(Verdict.Kind.BETTER);
    assertThat(judge(miss, 0.75).kind()).isEqualTo(Verdict.Kind.WORSE);
  }

  @Test
  void a_difference_of_exactly_the_tolerance_passes() {
    Baseline stated = Given.training(Optional.of(0.125), 0.5);
    assertThat(judge(stated, 0.375).kind()).isEqualTo(Verdict.Kind.PASSED);
    assertThat(judge(stated, 0.625).kind()).isEqualTo(Verdict.Kind.PASSED);
    assertThat(judge(stated, Math.nextDown(0.375)).kind()).isEqualTo(Verdict.Kind.WORSE);
    assertThat(judge(stated, Math.nextUp(0.625)).kind()).isEqualTo(Verdict.Kind.BETTER);
  }

  @Test
  void a_replay_and_seeds_without_spread_leave_room_for_the_order_of_additions() {
    assertThat(judge(Given.replay(0.5), 0.5 + 9e-10).kind()).isEqualTo(Verdict.Kind.PASSED);
    assertThat(judge(Given.replay(0.5), 0.5 + 1.1e-9).kind()).isEqualTo(Verdict.Kind.BETTER);
    Verdict equal = judge(Given.training(Optional.empty(), 0.5, 0.5, 0.5), 0.5);
    assertThat(equal.allowed()).contains(Baseline.REPLAY_TOLERANCE);
  }

  private StoredRunFinder stored(String encoder, double... values) throws IOException {
    Path runs = Files.createDirectories(folder.resolve("runs"));
    Runs.in(runs).store(encoder, values);
    return StoredRunFinder.of(List.of(runs));
  }

  private static Gate gate(StoredRunFinder runs) {
    return new Gate(runs, new DataFinder(List.of()), 0.99);
  }

  @Test
  void runs_without_the_metric_are_counted_among_all() throws IOException {
    stored("mae", 0.4, 0.5);
    Runs.in(folder.resolve("runs")).store("mae", 2, Optional.empty());
    StoredRunFinder runs = StoredRunFinder.of(List.of(folder.resolve("runs")));
    assertThat(gate(runs).judge(like(runs.results().get(0), "AP")).note())
        .isEqualTo("1 of 3 runs have no AP");
  }

  /** A baseline that a run answers, in the fields that decide it. */
  private static Baseline of(
      Result run, String encoderDigest, String protocol, String data, String metric) {
    return new Baseline(
        "row/" + metric,
        Baseline.Tier.TRAINING,
        run.encoder().name(),
        encoderDigest,
        run.task().name(),
        run.task().split(),
        protocol,
        data,
        metric,
        true,
        List.of(0L, 1L),
        List.of(0.4, 0.6),
        Optional.empty(),
        "2026-01-01",
        "c0ffee",
        Optional.empty());
  }

  private static Baseline like(Result run, String metric) {
    return of(
        run,
        run.encoder().digest(),
        run.protocol().fingerprint(),
        run.data().fingerprint(),
        metric);
  }

  @Test
  void judges_all_runs_of_the_baselines_encoder_protocol_and_data() throws IOException {
    stored("mae", 0.4, 0.5);
    stored("byol", 0.1);
    StoredRunFinder runs = StoredRunFinder.of(List.of(folder.resolve("runs")));
    Result mae =
        runs.results().stream()
            .filter(run -> run.encoder().name().equals("mae"))
            .findFirst()
            .orElseThrow();
    List<Verdict> verdicts = gate(runs).judge(List.of(like(mae, "AP"), like(mae, "AP95")));
    assertThat(verdicts).hasSize(2);
    assertThat(verdicts.get(0).runs()).isEqualTo(2);
    assertThat(verdicts.get(0).measured().orElseThrow()).isCloseTo(0.45, within(1e-12));
    assertThat(verdicts.get(1).kind()).isEqualTo(Verdict.Kind.NOT_MEASURED);
    assertThat(verdicts.get(1).note()).isEqualTo("2 of 2 runs have no AP95");
  }

  @Test
  void a_baseline_that_no_run_answers_names_what_is_near() throws IOException {
    StoredRunFinder runs = stored("mae", 0.4);
    Result run = runs.results().get(0);
    String encoder = run.encoder().digest();
    String protocol = run.protocol().fingerprint();
    String data = run.data().fingerprint();
    String other = "f".repeat(64);
    assertThat(gate(runs).judge(of(run, encoder, protocol, other, "AP")).note())
        .isEqualTo(
            "no run of encoder "
                + encoder.substring(0, 12)
                + " under protocol "
                + protocol.substring(0, 12)
                + " on data ffffffffffff; found other data: "
                + data.substring(0, 12));
    assertThat(gate(runs).judge(of(run, encoder, other, data, "AP")).note())
        .endsWith("; found another protocol or task version: " + protocol.substring(0, 12));
    assertThat(gate(runs).judge(of(run, other, protocol, data, "AP")).note())
        .endsWith("; found another encoder of this name: " + encoder.substring(0, 12));
  }

  @Test
  void a_run_of_the_encoder_for_another_task_is_said_to_be_of_another_task() throws IOException {
    Result run = stored("mae", 0.4).results().get(0);
    StoredRunFinder segmentation =
        new StoredRunFinder(
            List.of(
                new StoredRunFinder.FoundRun(
                    folder.resolve("run-0.json"), "", Runs.of("segmentation", "1"))),
            List.of());
    assertThat(
            gate(segmentation)
                .judge(of(run, run.encoder().digest(), "p".repeat(64), "d".repeat(64), "AP"))
                .note())
        .endsWith("; found another task: segmentation");
  }

  @Test
  void another_split_is_named_and_every_difference_of_a_run() throws IOException {
    StoredRunFinder runs = stored("mae", 0.4);
    Path other = Files.createDirectories(folder.resolve("other"));
    Runs.in(other).split("test").protocol("linear").store("mae", 0.4);
    Result asked = StoredRunFinder.of(List.of(other)).results().get(0);
    Result run = runs.results().get(0);
    assertThat(gate(runs).judge(like(asked, "AP")).note())
        .endsWith(
            "; found another protocol or task version: "
                + run.protocol().fingerprint().substring(0, 12)
                + " and another split: val");
    String data = run.data().fingerprint();
    assertThat(
            gate(runs).judge(of(run, "e".repeat(64), "p".repeat(64), "d".repeat(64), "AP")).note())
        .endsWith(
            "; found another encoder of this name: "
                + run.encoder().digest().substring(0, 12)
                + " and another protocol or task version: "
                + run.protocol().fingerprint().substring(0, 12)
                + " and other data: "
                + data.substring(0, 12));
  }

  @Test
  void where_nothing_is_near_only_the_question_is_named() throws IOException {
    StoredRunFinder runs = stored("byol", 0.4);
    assertThat(gate(runs).judge(Given.training()).note())
        .isEqualTo(
            "no run of encoder eeeeeeeeeeee under protocol pppppppppppp on data dddddddddddd");
  }

  private static Baseline replayOf(StoredRunFinder.FoundRun run) {
    return new BaselineRecorder(
            List.of(),
            Optional.empty(),
            Optional.empty(),
            "2026-01-01",
            List.of(Baseline.Tier.REPLAY))
        .of(List.of(run))
        .get(0);
  }

  @Test
  void a_replay_of_a_seed_that_was_not_run_is_not_measured() throws IOException {
    StoredRunFinder both = stored("mae", 0.4, 0.5);
    Verdict verdict =
        gate(new StoredRunFinder(both.runs().subList(0, 1), List.of()))
            .judge(replayOf(both.runs().get(1)));
    assertThat(verdict.kind()).isEqualTo(Verdict.Kind.NOT_MEASURED);
    assertThat(verdict.note()).isEqualTo("no run with seed 1");
  }

  @Test
  void a_replay_without_its_data_is_not_measured_though_the_run_has_the_metric()
      throws IOException {
    StoredRunFinder runs = stored("mae", 0.4);
    Verdict verdict = gate(runs).judge(replayOf(runs.runs().get(0)));
    assertThat(verdict.kind()).isEqualTo(Verdict.Kind.NOT_MEASURED);
    assertThat(verdict.note()).contains("no data set with a split 'val'");
  }
}
