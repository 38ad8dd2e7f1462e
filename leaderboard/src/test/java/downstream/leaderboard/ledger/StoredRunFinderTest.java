package downstream.leaderboard.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import downstream.eval.run.Result;
import downstream.leaderboard.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredRunFinderTest {
  @TempDir private Path folder;
  private Path run = Path.of("");

  @BeforeEach
  void store_a_sound_run_and_another() {
    Runs.in(folder).store("random", 0.1);
    run = Runs.in(folder).store("mae", 0, Optional.of(0.5));
  }

  private void onlyTheSoundOneIsRankedBecause(String reason) throws IOException {
    StoredRunFinder scan = StoredRunFinder.of(List.of(folder));
    assertThat(scan.runs()).extracting(r -> r.result().encoder().name()).containsExactly("random");
    assertThat(scan.leftOut()).hasSize(1);
    assertThat(scan.leftOut().get(0).file()).isEqualTo(run.toAbsolutePath());
    assertThat(scan.leftOut().get(0).reason()).contains(reason);
  }

  @Test
  void sound_runs_are_all_ranked() throws IOException {
    StoredRunFinder scan = StoredRunFinder.of(List.of(folder));
    assertThat(scan.runs()).hasSize(2);
    assertThat(scan.leftOut()).isEmpty();
  }

  @Test
  void cut_off_file() throws IOException {
    String text = Files.readString(run);
    Files.writeString(run, text.substring(0, text.length() / 3));
    onlyTheSoundOneIsRankedBecause("is not JSON");
  }

  @Test
  void empty_file() throws IOException {
    Files.writeString(run, "");
    onlyTheSoundOneIsRankedBecause("schema");
  }

  @Test
  void unknown_schema() throws IOException {
    Files.writeString(run, "{\"schema\": \"other/1\"}");
    onlyTheSoundOneIsRankedBecause("found 'other/1'");
  }

  @Test
  void file_with_missing_fields() throws IOException {
    Files.writeString(run, "{\"schema\": \"downstream/result/1\"}");
    onlyTheSoundOneIsRankedBecause("is incomplete or damaged");
  }

  @Test
  void failed_run() throws IOException {
    Runs.in(folder).status(Result.Status.FAILED).store("mae", 0, Optional.empty());
    onlyTheSoundOneIsRankedBecause("the loss is not finite");
  }

  @Test
  void limited_run() throws IOException {
    Runs.in(folder).limit(3).store("mae", 0, Optional.of(0.5));
    onlyTheSoundOneIsRankedBecause("a trial on at most 3 images");
  }

  @Test
  void changed_metric() throws IOException {
    Files.writeString(run, Files.readString(run).replace("\"AP\" : 0.5", "\"AP\" : 0.6"));
    onlyTheSoundOneIsRankedBecause("does not match its id");
  }

  @Test
  void changed_predictions() throws IOException {
    Files.writeString(run.resolveSibling("run-0/predictions.json.gz"), "better");
    onlyTheSoundOneIsRankedBecause("predictions.json.gz does not match its digest");
  }

  @Test
  void copies_count_once(@TempDir Path other) throws IOException {
    Runs.in(other).store("mae", 0, Optional.of(0.5));
    StoredRunFinder scan = StoredRunFinder.of(List.of(folder, other));
    assertThat(scan.runs()).hasSize(2);
    assertThat(scan.leftOut()).singleElement().asString().contains("a copy of");
  }

  @Test
  void conflicting_duplicates_are_both_left_out(@TempDir Path other) throws IOException {
    Runs.in(other).store("mae", 0, Optional.of(0.75));
    StoredRunFinder scan = StoredRunFinder.of(List.of(folder, other));
    assertThat(scan.runs()).extracting(r -> r.result().encoder().name()).containsExactly("random");
    assertThat(scan.leftOut())
        .hasSize(2)
        .allSatisfy(left -> assertThat(left.reason()).contains("with different results"));
  }

  @Test
  void missing_folder_is_bad_input() {
    assertThatThrownBy(() -> StoredRunFinder.of(List.of(folder.resolve("none"))))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("no such folder of runs");
  }
}
