package downstream.leaderboard.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import downstream.leaderboard.Runs;
import downstream.leaderboard.ledger.StoredRunFinder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaselineRecorderTest {
  @TempDir private Path folder;

  @BeforeEach
  void store_two_seeds_of_one_encoder_and_one_of_another() {
    Runs.in(folder).store("mae", 0.4, 0.5);
    Runs.in(folder).store("byol", 0.3);
  }

  private List<Baseline> record(
      List<String> metrics, Optional<Double> tolerance, Baseline.Tier... tiers) throws IOException {
    return new BaselineRecorder(
            metrics, tolerance, Optional.of("first"), "2026-02-03", Arrays.asList(tiers))
        .of(StoredRunFinder.of(List.of(folder)).runs());
  }

  private static List<String> ends(List<Baseline> baselines) {
    return baselines.stream()
        .map(b -> b.encoder() + " " + b.id().substring(b.id().lastIndexOf("/") + 1))
        .toList();
  }

  @Test
  void every_row_has_one_training_over_its_seeds_and_a_replay_of_each_run() throws IOException {
    List<Baseline> baselines =
        record(List.of(), Optional.of(0.02), Baseline.Tier.TRAINING, Baseline.Tier.REPLAY);
    assertThat(ends(baselines))
        .containsExactly("byol AP", "byol replay-0", "mae AP", "mae replay-0", "mae replay-1");
    Baseline training = baselines.get(2);
    assertThat(training.id())
        .matches("mae/\\p{XDigit}{8}/detection@1/cells-val/fcos-\\p{XDigit}{8}/AP");
    assertThat(training.tier()).isEqualTo(Baseline.Tier.TRAINING);
    assertThat(training.seeds()).containsExactly(0L, 1L);
    assertThat(training.values()).containsExactly(0.4, 0.5);
    assertThat(training.tolerance()).contains(0.02);
    assertThat(training.setOn()).isEqualTo("2026-02-03");
    assertThat(training.setBy()).isEqualTo("c0ffee");
    assertThat(training.why()).contains("first");
    Baseline replay = baselines.get(4);
    assertThat(replay.values()).containsExactly(0.5);
    assertThat(replay.tolerance()).isEmpty();
  }

  @Test
  void metrics_that_are_asked_for_keep_their_direction() throws IOException {
    List<Baseline> baselines =
        record(List.of("AP", "error"), Optional.empty(), Baseline.Tier.REPLAY);
    assertThat(baselines).hasSize(6);
    for (Baseline baseline : baselines) {
      assertThat(baseline.higherIsBetter()).isEqualTo(baseline.metric().equals("AP"));
    }
  }

  @Test
  void a_baseline_applies_to_runs_of_its_encoder_whatever_their_seed() throws IOException {
    List<StoredRunFinder.FoundRun> runs = StoredRunFinder.of(List.of(folder)).runs();
    Baseline mae = record(List.of(), Optional.empty(), Baseline.Tier.REPLAY).get(1);
    assertThat(runs.stream().filter(run -> mae.appliesTo(run.result())))
        .extracting(run -> run.result().encoder().name())
        .containsExactly("mae", "mae");
  }

  @Test
  void one_seed_is_no_training_without_a_tolerance() throws IOException {
    assertThatThrownBy(() -> record(List.of(), Optional.empty(), Baseline.Tier.TRAINING))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("byol/")
        .hasMessageContaining("one seed gives no spread");
    assertThat(record(List.of(), Optional.of(0.0), Baseline.Tier.TRAINING)).hasSize(2);
  }

  @Test
  void two_seeds_are_a_training_without_a_tolerance() throws IOException {
    List<StoredRunFinder.FoundRun> mae =
        StoredRunFinder.of(List.of(folder)).runs().stream()
            .filter(run -> run.result().encoder().name().equals("mae"))
            .toList();
    List<Baseline> baselines =
        new BaselineRecorder(
                List.of(),
                Optional.empty(),
                Optional.empty(),
                "2026-02-03",
                List.of(Baseline.Tier.TRAINING))
            .of(mae);
    assertThat(ends(baselines)).containsExactly("mae AP");
    assertThat(baselines.get(0).values()).containsExactly(0.4, 0.5);
  }

  @Test
  void a_metric_that_no_run_has_is_refused_with_those_there_are() {
    assertThatThrownBy(() -> record(List.of("AP95"), Optional.empty(), Baseline.Tier.REPLAY))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("'AP95' is not a metric of this run");
    assertThatThrownBy(() -> record(List.of("AP95"), Optional.of(0.1), Baseline.Tier.TRAINING))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("has no finite 'AP95'")
        .hasMessageContaining("AP")
        .hasMessageContaining("error");
  }

  @Test
  void a_metric_that_could_not_be_computed_is_no_baseline() {
    Runs.in(folder).store("mae", 2, Optional.empty());
    assertThatThrownBy(() -> record(List.of(), Optional.of(0.1), Baseline.Tier.TRAINING))
        .hasMessageContaining("has no finite 'AP'");
  }
}
