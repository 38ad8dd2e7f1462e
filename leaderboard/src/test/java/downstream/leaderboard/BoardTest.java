package downstream.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.Json;
import downstream.eval.cli.OutputFormat;
import downstream.leaderboard.ledger.RunScan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoardTest {
  @TempDir private Path folder;

  private Board board() throws IOException {
    return Board.of(RunScan.of(List.of(folder)), Map.of());
  }

  private static List<CSVRecord> parse(String csv) throws IOException {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    try (CSVParser parser = CSVParser.parse(csv, format)) {
      return parser.getRecords();
    }
  }

  @Test
  void never_ranks_across_fingerprints_or_splits() throws IOException {
    Runs runs = Runs.in(folder);
    runs.store("mae", 0.5, 0.5).store("random", 0.1, 0.1);
    runs.protocol("other").store("mae", 0.9, 0.9);
    runs.split("dusk").store("mae", 0.3, 0.3);
    List<Section> sections = board().sections();
    assertThat(sections).hasSize(3);
    assertThat(sections).extracting(section -> section.rows().size()).containsExactly(1, 2, 1);
    assertThat(sections).extracting(Section::title).doesNotHaveDuplicates();
  }

  @Test
  void csv_has_every_digit_and_empty_cells_for_what_is_not_known() throws IOException {
    Runs.in(folder).store("mae", 1.0 / 3).store("random", 0.1);
    List<CSVRecord> rows = parse(board().as(OutputFormat.CSV));
    assertThat(rows).hasSize(4);
    Map<String, String> best = rows.get(0).toMap();
    assertThat(best.keySet()).containsExactlyInAnyOrderElementsOf(Board.CSV_COLUMNS);
    assertThat(best)
        .containsEntry("encoder", "mae")
        .containsEntry("metric", "AP")
        .containsEntry("mean", Double.toString(1.0 / 3))
        .containsEntry("n_seeds", "1")
        .containsEntry("stdev", "")
        .containsEntry("ci_low", "")
        .containsEntry("p_value", "1.0")
        .containsEntry("delta_vs_baseline", Double.toString(1.0 / 3 - 0.1))
        .containsEntry("commit", "c0ffee");
    assertThat(best.get("result_ids")).hasSize(64);
  }

  @Test
  void markdown_names_what_was_left_out() throws IOException {
    Runs.in(folder).store("mae", 0.5);
    Runs.in(folder).limit(2).store("byol", 0.9);
    String markdown = board().as(OutputFormat.MARKDOWN);
    assertThat(markdown).contains("| 1 | mae | 0.5000 |").contains("## Left out");
    assertThat(markdown)
        .contains("byol/val/fcos/run-0.json`: limited: a trial on at most 2 pictures");
    assertThat(markdown).doesNotContain("| byol |");
  }

  @Test
  void json_is_json_with_nulls() throws IOException {
    Runs.in(folder).store("mae", 0.5);
    Path file = folder.resolve("board.json");
    Files.writeString(file, board().as(OutputFormat.JSON));
    assertThat(Json.read(file).at("/rows/0/mean").asDouble()).isEqualTo(0.5);
    assertThat(Json.read(file).at("/rows/0/stdev").isNull()).isTrue();
  }
}
