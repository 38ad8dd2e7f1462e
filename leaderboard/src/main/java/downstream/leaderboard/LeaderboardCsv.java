package downstream.leaderboard;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.cli.Table;
import downstream.eval.run.Result;
import downstream.leaderboard.statistics.Interval;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * The leaderboard in a form for programs: a line for each row and metric, with every digit
 * (docs/reference/results.md).
 */
public record LeaderboardCsv(Leaderboard board) {
  static final List<String> COLUMNS =
      List.of(
          "rank_low",
          "rank_high",
          "encoder",
          "encoder_sha12",
          "method",
          "task",
          "task_version",
          "data",
          "split",
          "data_fp8",
          "protocol",
          "protocol_fp12",
          "metric",
          "higher_is_better",
          "mean",
          "stdev",
          "n_seeds",
          "ci_low",
          "ci_high",
          "delta_vs_random_init",
          "p_value",
          "reported",
          "reported_source",
          "status",
          "parameters",
          "flops",
          "pretraining_flops",
          "train_seconds",
          "run_date",
          "verified_date",
          "commit",
          "result_ids");

  /** The whole leaderboard as CSV. */
  String csv() {
    StringBuilder text = new StringBuilder();
    try {
      write(text);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    return text.toString();
  }

  /** Writes CSV (RFC 4180) line by line: thousands of rows are tens of megabytes. */
  public void write(Appendable out) throws IOException {
    CSVPrinter printer = new CSVPrinter(out, CSVFormat.RFC4180);
    printer.printRecord(COLUMNS);
    Iterator<List<Object>> lines = lines().iterator();
    while (lines.hasNext()) {
      for (Object cell : lines.next()) {
        printer.print(cell instanceof Optional<?> optional ? optional.orElse(null) : cell);
      }
      printer.println();
    }
    printer.flush();
  }

  /** The whole leaderboard as JSON, with the runs that were left out. */
  String json() {
    ObjectNode tree = Json.MAPPER.createObjectNode();
    tree.set("rows", longTable().json());
    ArrayNode left = tree.putArray("left_out");
    board
        .leftOut()
        .forEach(l -> left.addObject().put("file", l.file().toString()).put("reason", l.reason()));
    return new String(Json.pretty(tree), StandardCharsets.UTF_8);
  }

  private Table longTable() {
    Table table = new Table(COLUMNS);
    lines().forEach(table::row);
    return table;
  }

  /** One a row and metric, in the order of the columns. */
  private Stream<List<Object>> lines() {
    return board.sections().stream().flatMap(this::lines);
  }

  private Stream<List<Object>> lines(LeaderboardTable section) {
    IdentityHashMap<LeaderboardRow, List<Object>> rest = new IdentityHashMap<>();
    section.rows().forEach(row -> rest.put(row, sameForAllMetrics(row)));
    IdentityHashMap<LeaderboardRow, List<PublishedClaim>> claimed = board.claims().of(section);
    return section.metrics().stream()
        .map(section::ranking)
        .flatMap(
            ranking ->
                ranking.places().stream()
                    .map(
                        place -> {
                          List<PublishedClaim> its = claimed.getOrDefault(place.row(), List.of());
                          List<Object> cells = ofMetric(section, ranking.metric(), place);
                          cells.addAll(reported(its, ranking.metric()));
                          cells.addAll(rest.getOrDefault(place.row(), List.of()));
                          return cells;
                        }));
  }

  private static List<Object> ofMetric(
      LeaderboardTable section, String metric, Ranking.Place place) {
    LeaderboardRow row = place.row();
    Result run = section.sample();
    List<Object> cells = new ArrayList<>(COLUMNS.size());
    SeedMean e = place.estimate();
    Collections.addAll(cells, place.low(), place.high());
    Collections.addAll(cells, row.encoder(), row.digest12(), row.method());
    Collections.addAll(cells, run.task().name(), run.task().version());
    Collections.addAll(cells, run.data().name(), run.task().split(), section.data8());
    Collections.addAll(cells, run.protocol().name(), section.protocol12());
    Collections.addAll(cells, metric, String.valueOf(section.higherIsBetter(metric)));
    Collections.addAll(cells, e.mean(), e.deviation(), e.count());
    Collections.addAll(cells, e.interval().map(Interval::low), e.interval().map(Interval::high));
    Collections.addAll(cells, place.delta(), place.p());
    return cells;
  }

  /**
   * Returns the value that a paper reports for the encoder, with its source; empty if there is
   * none, or more than one.
   */
  private static List<Object> reported(List<PublishedClaim> claims, String metric) {
    List<PublishedClaim> its =
        claims.stream().filter(claim -> claim.metric().equals(metric)).toList();
    return its.size() == 1
        ? List.of(its.get(0).reported(), its.get(0).where())
        : List.of(Optional.empty(), Optional.empty());
  }

  private List<Object> sameForAllMetrics(LeaderboardRow row) {
    Optional<String> verified = board.verified(row);
    List<Object> cells = new ArrayList<>();
    cells.add(RowCaveats.status(row, verified));
    cells.addAll(List.of(row.parameters(), row.flops(), row.pretrainingFlops()));
    cells.addAll(List.of(row.trainSeconds(), row.date(), verified));
    cells.addAll(List.of(row.commits(), row.ids()));
    return cells;
  }
}
