package downstream.eval.run.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import downstream.eval.data.DataSet;
import downstream.eval.run.Fakes;
import downstream.eval.run.RunStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RescoringTest {
  @TempDir private Path out;

  private Path run(int limit) throws IOException {
    Runner runner = new Runner(RunStore.open(out, 0), Clock.systemUTC(), line -> {});
    return runner.run(Fakes.evaluation(Fakes.data(), limit)).get(0).file();
  }

  @Test
  void untouched_run_matches_to_the_last_digit() throws IOException {
    Rescoring rescoring = Rescoring.of(run(0), Fakes.data());
    assertThat(rescoring.lines()).hasSize(3);
    assertThat(rescoring.matches()).isTrue();
  }

  @Test
  void limited_run_is_scored_on_the_same_few_images() throws IOException {
    assertThat(Rescoring.of(run(2), Fakes.data()).matches()).isTrue();
  }

  @Test
  void changed_predictions_do_not_match() throws IOException {
    Path run = run(0);
    Path predictions = run.resolveSibling("run-0/predictions.json");
    Files.writeString(predictions, Files.readString(predictions).replaceFirst("0\\.\\d", "0.5"));
    Rescoring rescoring = Rescoring.of(run, Fakes.data());
    assertThat(rescoring.matches()).isFalse();
    assertThat(rescoring.defects()).singleElement().asString().contains("predictions.json");
    assertThat(rescoring.lines()).anyMatch(line -> !line.matches());
  }

  @Test
  void other_data_is_refused() throws IOException {
    Path run = run(0);
    DataSet other =
        new DataSet("road", Fakes.images("t", 3), Map.of("day", Fakes.images("other", 6)));
    assertThatThrownBy(() -> Rescoring.of(run, other))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("is not what the run was scored on");
  }

  @Test
  void missing_predictions_are_named() throws IOException {
    Path run = run(0);
    Files.delete(run.resolveSibling("run-0/predictions.json"));
    assertThatThrownBy(() -> Rescoring.of(run, Fakes.data()))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("no predictions are stored");
  }
}
