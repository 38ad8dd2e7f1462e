package downstream.leaderboard;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Table;
import downstream.eval.run.Result;
import downstream.leaderboard.ledger.RunScan;
import downstream.leaderboard.ledger.Standing;
import downstream.leaderboard.statistics.Interval;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** The leaderboard as text: for eyes, for programs, for a repository's pages. */
record Board(
    List<Section> sections,
    List<RunScan.LeftOut> leftOut,
    Map<String, Standing> standings,
    Claims claims) {
  /** Beside the primary metric; the CSV has them all. */
  private static final int SHOWN_METRICS = 4;

  /** Of a section on a terminal; the files have them all. */
  private static final int SHOWN_ROWS = 50;

  static final List<String> CSV_COLUMNS =
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
          "delta_vs_baseline",
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

  /**
   * @param standings what the ledger says of each run, by id
   * @param claims what papers report
   */
  static Board of(RunScan scan, Map<String, Standing> standings, Claims claims) {
    return new Board(Section.of(scan.results()), scan.leftOut(), standings, claims);
  }

  /** When the last of the row's runs was verified; empty unless all were. */
  Optional<String> verified(Row row) {
    List<String> times =
        row.runs().stream()
            .map(run -> Optional.ofNullable(standings.get(run.id())))
            .flatMap(standing -> standing.flatMap(Standing::verified).stream())
            .toList();
    return times.size() == row.runs().size()
        ? times.stream().max(String::compareTo)
        : Optional.empty();
  }

  boolean isEmpty() {
    return sections.isEmpty();
  }

  String as(OutputFormat format) {
    return switch (format) {
      case TABLE -> text();
      case JSON -> json();
      case CSV -> csv();
      case MARKDOWN -> markdown();
    };
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (Section section : sections) {
      text.append(text.isEmpty() ? "" : "\n").append(section.title()).append('\n');
      text.append(shown(section, SHOWN_ROWS).as(OutputFormat.TABLE));
      int more = section.rows().size() - SHOWN_ROWS;
      text.append(more > 0 ? "… and " + more + " more rows: see leaderboard.md\n" : "");
    }
    return text.toString();
  }

  private String markdown() {
    StringBuilder text = new StringBuilder("# Leaderboard\n\n");
    text.append(
        "Fractions, mean over seeds. Rows whose 95% intervals overlap, or that have one seed, share"
            + " a range of ranks; leaked and stale ones have none. ↑: higher is better.\n");
    for (Section section : sections) {
      text.append("\n## ").append(section.title()).append("\n\n");
      text.append(shown(section, Integer.MAX_VALUE).as(OutputFormat.MARKDOWN));
    }
    if (!leftOut.isEmpty()) {
      text.append("\n## Left out\n\n");
      leftOut.forEach(left -> text.append("- `" + place(left) + "`: " + why(left) + "\n"));
    }
    return text.toString();
  }

  /** The run's place in its folder of runs: where that folder lies is nobody's business. */
  static String place(RunScan.LeftOut left) {
    int names = left.file().getNameCount();
    return left.file().subpath(Math.max(0, names - 6), names).toString();
  }

  static String why(RunScan.LeftOut left) {
    return left.reason().lines().findFirst().orElse("");
  }

  private Table shown(Section section, int most) {
    List<String> metrics = section.metrics();
    String primary = metrics.get(0);
    List<String> others = metrics.subList(1, Math.min(1 + SHOWN_METRICS, metrics.size()));
    List<String> columns = new ArrayList<>(List.of("rank", "encoder", arrow(section, primary)));
    columns.addAll(List.of("stdev", "95% low", "95% high", "seeds", "vs random"));
    others.forEach(metric -> columns.add(arrow(section, metric)));
    columns.addAll(List.of("parameters", "GFLOP", "train s", "marks"));
    Table table = new Table(columns);
    section.ranking(primary).places().stream()
        .limit(most)
        .forEach(place -> table.row(shown(section, place, others)));
    return table;
  }

  private static String arrow(Section section, String metric) {
    return metric + (section.higherIsBetter(metric) ? " ↑" : " ↓");
  }

  private List<Object> shown(Section section, Ranking.Place place, List<String> others) {
    Row row = place.row();
    List<Object> cells = new ArrayList<>();
    cells.add(place.rank());
    cells.add(section.label(row));
    cells.addAll(estimate(place.estimate()));
    cells.add(place.delta());
    others.forEach(metric -> cells.add(row.estimate(metric).mean()));
    cells.add(row.parameters());
    cells.add(row.flops().map(flops -> flops * 1e-9));
    cells.add(row.trainSeconds());
    cells.add(String.join("; ", Marks.of(section, row, verified(row))));
    return cells;
  }

  private static List<Object> estimate(Estimate estimate) {
    return List.of(
        estimate.mean(),
        estimate.deviation(),
        estimate.interval().map(Interval::low),
        estimate.interval().map(Interval::high),
        estimate.count());
  }

  private String csv() {
    StringBuilder text = new StringBuilder();
    try {
      writeCsv(text);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    return text.toString();
  }

  /** The long format after RFC 4180, line by line: of thousands of rows it is tens of megabytes. */
  void writeCsv(Appendable out) throws IOException {
    CSVPrinter printer = new CSVPrinter(out, CSVFormat.RFC4180);
    printer.printRecord(CSV_COLUMNS);
    Iterator<List<Object>> lines = lines().iterator();
    while (lines.hasNext()) {
      for (Object cell : lines.next()) {
        printer.print(cell instanceof Optional<?> optional ? optional.orElse(null) : cell);
      }
      printer.println();
    }
    printer.flush();
  }

  private String json() {
    ObjectNode tree = Json.MAPPER.createObjectNode();
    tree.set("rows", longTable().json());
    ArrayNode left = tree.putArray("left_out");
    leftOut.forEach(
        l -> left.addObject().put("file", l.file().toString()).put("reason", l.reason()));
    return new String(Json.pretty(tree), StandardCharsets.UTF_8);
  }

  private Table longTable() {
    Table table = new Table(CSV_COLUMNS);
    lines().forEach(table::row);
    return table;
  }

  /** One a row and metric, in the order of the columns. */
  private Stream<List<Object>> lines() {
    return sections.stream().flatMap(this::lines);
  }

  private Stream<List<Object>> lines(Section section) {
    IdentityHashMap<Row, List<Object>> rest = new IdentityHashMap<>();
    section.rows().forEach(row -> rest.put(row, sameForAllMetrics(row)));
    IdentityHashMap<Row, List<Claim>> claimed = claims.of(section);
    return section.metrics().stream()
        .map(section::ranking)
        .flatMap(
            ranking ->
                ranking.places().stream()
                    .map(
                        place -> {
                          List<Claim> its = claimed.getOrDefault(place.row(), List.of());
                          List<Object> cells = ofMetric(section, ranking.metric(), place);
                          cells.addAll(reported(its, ranking.metric()));
                          cells.addAll(rest.getOrDefault(place.row(), List.of()));
                          return cells;
                        }));
  }

  private static List<Object> ofMetric(Section section, String metric, Ranking.Place place) {
    Row row = place.row();
    Result run = section.sample();
    List<Object> cells = new ArrayList<>(CSV_COLUMNS.size());
    Estimate e = place.estimate();
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

  /** What a paper reports of it, and where; empty if there is none, or more than one. */
  private static List<Object> reported(List<Claim> claims, String metric) {
    List<Claim> its = claims.stream().filter(claim -> claim.metric().equals(metric)).toList();
    return its.size() == 1
        ? List.of(its.get(0).reported(), its.get(0).where())
        : List.of(Optional.empty(), Optional.empty());
  }

  private List<Object> sameForAllMetrics(Row row) {
    Optional<String> verified = verified(row);
    List<Object> cells = new ArrayList<>();
    cells.add(Marks.status(row, verified));
    cells.addAll(List.of(row.parameters(), row.flops(), row.pretrainingFlops()));
    cells.addAll(List.of(row.trainSeconds(), row.date(), verified));
    cells.addAll(List.of(row.commits(), row.ids()));
    return cells;
  }
}
