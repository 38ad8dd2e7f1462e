package downstream.leaderboard;

import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Table;
import downstream.leaderboard.ledger.RunStatus;
import downstream.leaderboard.ledger.StoredRunFinder;
import downstream.leaderboard.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The leaderboard as human-readable text, also for a repository's pages. */
public record Leaderboard(
    List<LeaderboardTable> sections,
    List<StoredRunFinder.LeftOut> leftOut,
    Map<String, RunStatus> standings,
    PublishedClaims claims) {
  /** Number of metrics shown beside the primary one; the CSV has them all. */
  private static final int SHOWN_METRICS = 4;

  /** Number of rows of a section shown on a terminal; the files have them all. */
  private static final int SHOWN_ROWS = 50;

  /**
   * @param statuses what the ledger says of each run, by id
   * @param claims what papers report
   */
  public static Leaderboard of(
      StoredRunFinder scan, Map<String, RunStatus> statuses, PublishedClaims claims) {
    return new Leaderboard(LeaderboardTable.of(scan.results()), scan.leftOut(), statuses, claims);
  }

  /** Returns the time of the last verification of the row's runs; empty unless all were. */
  Optional<String> verified(LeaderboardRow row) {
    List<String> times =
        row.runs().stream()
            .map(run -> Optional.ofNullable(standings.get(run.id())))
            .flatMap(status -> status.flatMap(RunStatus::verified).stream())
            .toList();
    return times.size() == row.runs().size()
        ? times.stream().max(String::compareTo)
        : Optional.empty();
  }

  public boolean isEmpty() {
    return sections.isEmpty();
  }

  public String as(OutputFormat format) {
    return switch (format) {
      case TABLE -> text();
      case JSON -> new LeaderboardCsv(this).json();
      case CSV -> new LeaderboardCsv(this).csv();
      case MARKDOWN -> markdown();
    };
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (LeaderboardTable section : sections) {
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
    for (LeaderboardTable section : sections) {
      text.append("\n## ").append(section.title()).append("\n\n");
      text.append(shown(section, Integer.MAX_VALUE).as(OutputFormat.MARKDOWN));
    }
    if (!leftOut.isEmpty()) {
      text.append("\n## Left out\n\n");
      leftOut.forEach(left -> text.append("- `" + place(left) + "`: " + why(left) + "\n"));
    }
    return text.toString();
  }

  /** The run's place in its folder of runs: the path of that folder is private. */
  static String place(StoredRunFinder.LeftOut left) {
    int names = left.file().getNameCount();
    return left.file().subpath(Math.max(0, names - 6), names).toString();
  }

  static String why(StoredRunFinder.LeftOut left) {
    return left.reason().lines().findFirst().orElse("");
  }

  private Table shown(LeaderboardTable section, int most) {
    List<String> metrics = section.metrics();
    String primary = metrics.get(0);
    List<String> others = metrics.subList(1, Math.min(1 + SHOWN_METRICS, metrics.size()));
    List<String> columns = new ArrayList<>(List.of("rank", "encoder", arrow(section, primary)));
    columns.addAll(List.of("stdev", "95% low", "95% high", "seeds", "delta vs random init"));
    others.forEach(metric -> columns.add(arrow(section, metric)));
    columns.addAll(List.of("parameters", "GFLOP", "train s", "marks"));
    Table table = new Table(columns);
    section.ranking(primary).places().stream()
        .limit(most)
        .forEach(place -> table.row(shown(section, place, others)));
    return table;
  }

  private static String arrow(LeaderboardTable section, String metric) {
    return metric + (section.higherIsBetter(metric) ? " ↑" : " ↓");
  }

  private List<Object> shown(LeaderboardTable section, Ranking.Place place, List<String> others) {
    LeaderboardRow row = place.row();
    List<Object> cells = new ArrayList<>();
    cells.add(place.rank());
    cells.add(section.label(row));
    cells.addAll(estimate(place.estimate()));
    cells.add(place.delta());
    others.forEach(metric -> cells.add(row.estimate(metric).mean()));
    cells.add(row.parameters());
    cells.add(row.flops().map(flops -> flops * 1e-9));
    cells.add(row.trainSeconds());
    cells.add(String.join("; ", RowCaveats.of(section, row, verified(row))));
    return cells;
  }

  private static List<Object> estimate(SeedMean estimate) {
    return List.of(
        estimate.mean(),
        estimate.deviation(),
        estimate.interval().map(Interval::low),
        estimate.interval().map(Interval::high),
        estimate.count());
  }
}
