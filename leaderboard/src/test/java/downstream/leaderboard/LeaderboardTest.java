package downstream.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.cli.OutputFormat;
import downstream.eval.run.Result;
import downstream.leaderboard.ledger.StoredRunFinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaderboardTest {
  @TempDir private Path folder;

  private Leaderboard board() throws IOException {
    return Leaderboard.of(
        StoredRunFinder.of(List.of(folder)),
        Map.of(),
        PublishedClaims.with(folder.resolve(PublishedClaims.FILE)));
  }

  private static List<CSVRecord> parse(String csv) throws IOException {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    try (CSVParser parser = CSVParser.parse(csv, format)) {
      return parser.getRecords();
    }
  }

  @Test
  void columns_are_in_snake_case() {
    assertThat(LeaderboardCsv.COLUMNS).allMatch(column -> column.matches("[a-z0-9]+(_[a-z0-9]+)*"));
    assertThat(PublishedClaim.COLUMNS).allMatch(column -> column.matches("[a-z0-9]+(_[a-z0-9]+)*"));
  }

  @Test
  void never_ranks_across_fingerprints_or_splits() throws IOException {
    Runs runs = Runs.in(folder);
    runs.store("mae", 0.5, 0.5).store("random", 0.1, 0.1);
    runs.protocol("other").store("mae", 0.9, 0.9);
    runs.split("dusk").store("mae", 0.3, 0.3);
    List<LeaderboardTable> sections = board().sections();
    assertThat(sections).hasSize(3);
    assertThat(sections).extracting(section -> section.rows().size()).containsExactly(1, 2, 1);
    assertThat(sections).extracting(LeaderboardTable::title).doesNotHaveDuplicates();
  }

  @Test
  void csv_has_every_digit_and_empty_cells_for_what_is_not_known() throws IOException {
    Runs.in(folder).store("mae", 1.0 / 3).store("random", 0.1);
    List<CSVRecord> rows = parse(board().as(OutputFormat.CSV));
    assertThat(rows).hasSize(4);
    Map<String, String> best = rows.get(0).toMap();
    assertThat(best.keySet()).containsExactlyInAnyOrderElementsOf(LeaderboardCsv.COLUMNS);
    assertThat(best)
        .containsEntry("encoder", "mae")
        .containsEntry("metric", "AP")
        .containsEntry("mean", Double.toString(1.0 / 3))
        .containsEntry("n_seeds", "1")
        .containsEntry("stdev", "")
        .containsEntry("ci_low", "")
        .containsEntry("p_value", "1.0")
        .containsEntry("delta_vs_random_init", Double.toString(1.0 / 3 - 0.1))
        .containsEntry("commit", "c0ffee");
    assertThat(best.get("result_ids")).hasSize(64);
  }

  @Test
  void csv_has_what_a_paper_reports_only_beside_the_one_encoder_it_is_of() throws IOException {
    Runs.in(folder).store("mae", 0.5, 0.51).store("random", 0.1, 0.1);
    LeaderboardTable section = board().sections().get(0);
    List<String> claim = new ArrayList<>(List.of("mae", "ViT-S", "scenes", "detection"));
    claim.addAll(List.of("cells/val@" + section.data8(), "fcos@" + section.protocol12(), "AP"));
    claim.addAll(List.of("0.41", "Ours", "table 2", "preprint"));
    PublishedClaims.add(folder, PublishedClaim.of("a test", claim));
    for (CSVRecord row : parse(board().as(OutputFormat.CSV))) {
      boolean claimed = row.get("encoder").equals("mae") && row.get("metric").equals("AP");
      assertThat(row.get("reported")).isEqualTo(claimed ? "0.41" : "");
      assertThat(row.get("reported_source")).isEqualTo(claimed ? "Ours, table 2; preprint" : "");
    }
  }

  @Test
  void terminal_shows_the_best_rows_of_a_long_section_and_how_many_more_there_are()
      throws IOException {
    Runs runs = Runs.in(folder);
    IntStream.range(0, 60).forEach(i -> runs.store("encoder-" + i, 0.01 * i));
    assertThat(board().as(OutputFormat.TABLE))
        .contains("encoder-59 ", "encoder-10 ", "… and 10 more rows: see leaderboard.md")
        .doesNotContain("encoder-9 ");
    assertThat(board().as(OutputFormat.MARKDOWN)).contains("| encoder-0 |").doesNotContain("…");
  }

  @Test
  void encoders_of_one_name_are_told_apart_by_their_digests() throws IOException {
    Path file = Path.of("run-0.json");
    Result one = Runs.in(folder).imagined("byol", 0, 0.5);
    ObjectNode tree = Json.MAPPER.valueToTree(one);
    tree.withObject("/encoder").put("digest", "ab".repeat(32));
    Result other = Json.MAPPER.treeToValue(tree, Result.class);
    List<StoredRunFinder.FoundRun> runs =
        List.of(
            new StoredRunFinder.FoundRun(file, "", one),
            new StoredRunFinder.FoundRun(file, "", other));
    Leaderboard board =
        Leaderboard.of(
            new StoredRunFinder(runs, List.of()), Map.of(), new PublishedClaims(List.of()));
    String label = "byol@" + one.encoder().digest().substring(0, 8);
    assertThat(board.as(OutputFormat.TABLE)).contains(label, "byol@abababab");
    assertThat(parse(board.as(OutputFormat.CSV)))
        .allMatch(row -> row.get("encoder").equals("byol"));
    assertThat(ComparisonSide.named("byol@abababab", runs).runs()).containsExactly(runs.get(1));
    assertThat(ComparisonSide.named(label, runs).runs()).containsExactly(runs.get(0));
    assertThatThrownBy(() -> ComparisonSide.named("byol", runs))
        .hasMessageContainingAll("several encoders", label, "byol@abababab");
    assertThatThrownBy(() -> ComparisonSide.named("mae@abababab", runs))
        .hasMessageContaining("no stored run has this encoder");
  }

  @Test
  void markdown_names_what_was_left_out() throws IOException {
    Runs.in(folder).store("mae", 0.5);
    Runs.in(folder).limit(2).store("byol", 0.9);
    String markdown = board().as(OutputFormat.MARKDOWN);
    assertThat(markdown).contains("| 1 | mae | 0.5000 |").contains("## Left out");
    assertThat(markdown)
        .contains("byol/val/fcos/run-0.json`: limited: a trial on at most 2 images");
    assertThat(markdown).doesNotContain("| byol |");
  }

  @Test
  void json_is_json_with_nulls() throws IOException {
    Runs.in(folder).store("mae", 0.5);
    Path file = folder.resolve("board.json");
    Files.writeString(file, board().as(OutputFormat.JSON));
    assertThat(file)
        .content()
        .as("keys in snake_case")
        .doesNotContainPattern("\"(?!m[A-Z]|aAcc|fwIoU|mask[A-Z])[a-z]\\w*[A-Z]\\w*\" ?:");
    assertThat(Json.read(file).at("/rows/0/mean").asDouble()).isEqualTo(0.5);
    assertThat(Json.read(file).at("/rows/0/stdev").isNull()).isTrue();
  }
}
