package downstream.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.cli.OutputFormat;
import downstream.eval.run.DataLeak;
import downstream.eval.run.Result;
import downstream.leaderboard.ledger.RunStatus;
import downstream.leaderboard.ledger.StoredRunFinder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every mark that keeps a reader from believing too much, on the table and on the page. */
class RowCaveatsTest {
  private static final DataLeak LEAKED = leak(DataLeak.Status.LEAKED, 3, List.of());
  private static final DataLeak ALIKE =
      leak(DataLeak.Status.NONE, 0, List.of(new DataLeak.Pair("val-7.jpg", "train-9.jpg", 4)));

  private static final PublishedClaims NO_CLAIMS = new PublishedClaims(List.of());

  @TempDir private Path folder;

  private static DataLeak leak(DataLeak.Status status, long same, List<DataLeak.Pair> pairs) {
    return new DataLeak(
        status,
        Optional.empty(),
        Optional.of("ab"),
        9,
        same,
        same == 0 ? List.of() : List.of("val-1.jpg"),
        pairs.size(),
        pairs);
  }

  private Leaderboard board() throws IOException {
    return Leaderboard.of(StoredRunFinder.of(List.of(folder)), Map.of(), NO_CLAIMS);
  }

  private static String page(Leaderboard board, Path folder) throws IOException {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    new HtmlPage(board, new PageImages(0), List.of(), folder).write(page);
    return page.toString(StandardCharsets.UTF_8);
  }

  private static List<String> ranks(LeaderboardTable section) {
    return section.ranking("AP").places().stream()
        .map(place -> place.rank().orElse("-") + " " + place.row().encoder())
        .toList();
  }

  @Test
  void leaked_row_never_ranks_and_says_so_everywhere() throws IOException {
    Runs.in(folder).store("mae", 0.5, 0.51).store("random", 0.1, 0.11);
    Runs.in(folder).leak(LEAKED).store("thief", 0.9, 0.91);
    Leaderboard board = board();
    assertThat(ranks(board.sections().get(0))).containsExactly("1 mae", "2 random", "- thief");
    assertThat(board.as(OutputFormat.TABLE))
        .contains("leaked: 3 images are also pretraining images");
    assertThat(board.as(OutputFormat.CSV).lines().filter(line -> line.contains(",thief,")))
        .hasSize(2)
        .allMatch(line -> line.contains(",,thief,") && line.contains(",leaked,"));
    assertThat(page(board, folder)).contains("leaked: 3 images", "val-1.jpg");
  }

  @Test
  void one_leaked_seed_is_enough() throws IOException {
    Runs.in(folder).store("mae", 0.5, 0.51);
    Runs.in(folder).leak(LEAKED).store("mae", 2, Optional.of(0.52));
    assertThat(ranks(board().sections().get(0))).containsExactly("- mae");
  }

  @Test
  void look_alikes_are_listed_and_judged_by_nobody() throws IOException {
    Runs.in(folder).leak(ALIKE).store("mae", 0.5, 0.51);
    Leaderboard board = board();
    assertThat(ranks(board.sections().get(0))).containsExactly("1 mae");
    assertThat(board.as(OutputFormat.TABLE)).contains("1 similar to pretraining images");
    assertThat(page(board, folder)).contains("val-7.jpg", "train-9.jpg");
  }

  @Test
  void copy_does_not_hide_a_leak() throws IOException {
    Runs.in(folder.resolve("a")).store("mae", 0.5);
    Runs.in(folder.resolve("b")).leak(LEAKED).store("mae", 0.5);
    StoredRunFinder scan = StoredRunFinder.of(List.of(folder));
    assertThat(scan.runs()).hasSize(1);
    assertThat(scan.results().get(0).data().leak()).contains(LEAKED);
    assertThat(scan.leftOut())
        .extracting(StoredRunFinder.LeftOut::reason)
        .allMatch(r -> r.contains("copy"));
  }

  @Test
  void rows_of_another_task_version_are_stale_and_do_not_rank() throws IOException {
    Result before = Runs.of("spans", "0");
    LeaderboardTable section = LeaderboardTable.of(List.of(before)).get(0);
    assertThat(ranks(section)).containsExactly("- mae");
    assertThat(RowCaveats.of(section)).containsExactly("stale: task version 0, now 1");
    LeaderboardRow row = section.rows().get(0);
    assertThat(RowCaveats.of(section, row, Optional.of("today")))
        .contains("verified")
        .anyMatch(m -> m.startsWith("stale"));
    assertThat(RowCaveats.status(row, Optional.of("today"))).isEqualTo("stale");
  }

  @Test
  void verified_needs_every_run_of_the_row() throws IOException {
    Runs.in(folder).store("mae", 0.5, 0.51);
    StoredRunFinder scan = StoredRunFinder.of(List.of(folder));
    String first = scan.results().get(0).id();
    String second = scan.results().get(1).id();
    RunStatus verified = standing(first, Optional.of("2026-02-02T00:00:00Z"));
    Leaderboard half =
        Leaderboard.of(
            scan, Map.of(first, verified, second, standing(second, Optional.empty())), NO_CLAIMS);
    assertThat(half.as(OutputFormat.TABLE)).contains("self-reported").doesNotContain("verified");
    Leaderboard all =
        Leaderboard.of(
            scan,
            Map.of(first, verified, second, standing(second, Optional.of("2026-03-03"))),
            NO_CLAIMS);
    assertThat(all.as(OutputFormat.TABLE)).contains("verified").doesNotContain("self-reported");
  }

  private static RunStatus standing(String run, Optional<String> verified) {
    return new RunStatus(run, 1, Optional.empty(), Optional.empty(), verified, Optional.empty());
  }

  @Test
  void limited_and_retracted_runs_are_named_among_what_was_left_out() throws IOException {
    Runs.in(folder).store("mae", 0.5);
    Runs.in(folder).limit(4).store("byol", 0.9);
    Path gone = Runs.in(folder).store("orl", 0, Optional.of(0.8));
    String id = downstream.eval.run.ResultFile.read(gone).id();
    RunStatus retracted =
        new RunStatus(
            id, 1, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("typo"));
    Leaderboard board =
        Leaderboard.of(
            StoredRunFinder.of(List.of(folder), Map.of(id, retracted)), Map.of(), NO_CLAIMS);
    assertThat(ranks(board.sections().get(0))).containsExactly("1 mae");
    assertThat(board.as(OutputFormat.MARKDOWN))
        .contains("limited: a trial on at most 4 images", "retracted: typo");
    assertThat(page(board, folder)).contains("limited: a trial", "retracted: typo");
  }

  @Test
  void frozen_and_fine_tuned_runs_of_one_encoder_stand_in_different_sections() throws IOException {
    Runs.in(folder).protocol("finetune").store("mae", 0.5);
    Runs.in(folder).protocol("frozen").store("mae", 0.3);
    assertThat(board().sections()).hasSize(2);
    assertThat(board().sections()).allMatch(section -> section.rows().size() == 1);
  }

  @Test
  void flops_stand_beside_parameters() throws IOException {
    Runs.in(folder).store("mae", 0.5);
    assertThat(board().as(OutputFormat.TABLE)).contains("GFLOP").contains("0.0350");
    assertThat(board().as(OutputFormat.CSV)).contains(",parameters,flops,pretraining_flops,");
    assertThat(page(board(), folder)).contains("\"flops\":35000000");
  }
}
