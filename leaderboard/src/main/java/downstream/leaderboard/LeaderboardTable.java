package downstream.leaderboard;

import downstream.eval.run.Result;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rows that may be ranked together: one task, one training and evaluation split, one protocol
 * fingerprint.
 */
final class LeaderboardTable {
  private static final Comparator<LeaderboardTable> ORDER =
      Comparator.comparing((LeaderboardTable section) -> section.sample().task().name())
          .thenComparing(section -> section.sample().data().name())
          .thenComparing(section -> section.sample().task().split())
          .thenComparing(section -> section.sample().protocol().name())
          .thenComparing(section -> section.sample().protocol().fingerprint());

  private final List<LeaderboardRow> rows;
  private final IdentityHashMap<LeaderboardRow, LeaderboardRow> controls = new IdentityHashMap<>();
  private final List<String> metrics;
  private final Map<String, Long> names;
  private final Map<String, Ranking> rankings;

  private LeaderboardTable(List<LeaderboardRow> rows) {
    this.rows = List.copyOf(rows);
    List<LeaderboardRow> randomInit =
        rows.stream().filter(row -> row.isControl() && row.isRanked()).toList();
    rows.forEach(row -> control(randomInit, row).ifPresent(its -> controls.put(row, its)));
    this.metrics = metricsOf(this.rows);
    this.names =
        rows.stream()
            .collect(Collectors.groupingBy(LeaderboardRow::encoder, Collectors.counting()));
    this.rankings =
        metrics.parallelStream().collect(Collectors.toConcurrentMap(m -> m, this::rank));
  }

  /** Sorts runs into sections; runs of different fingerprints never meet. */
  static List<LeaderboardTable> of(List<Result> runs) {
    return of(runs, new InstalledVersions());
  }

  /** Sorts as {@link #of(List)}, given the installed versions. */
  static List<LeaderboardTable> of(List<Result> runs, InstalledVersions installed) {
    Map<String, Map<String, List<Result>>> byKey = new LinkedHashMap<>();
    for (Result run : runs) {
      byKey
          .computeIfAbsent(key(run), key -> new LinkedHashMap<>())
          .computeIfAbsent(run.encoder().digest(), digest -> new ArrayList<>())
          .add(run);
    }
    return byKey.values().parallelStream()
        .map(rows -> rows.values().stream().map(same -> row(same, installed)).toList())
        .map(LeaderboardTable::new)
        .sorted(ORDER)
        .toList();
  }

  private static LeaderboardRow row(List<Result> runs, InstalledVersions installed) {
    runs.sort(Comparator.comparing(run -> run.seeds().declared()));
    return LeaderboardRow.of(
        runs, runs.stream().flatMap(run -> installed.stale(run).stream()).findFirst());
  }

  /**
   * Name of the row's encoder to display; where several have its name, with digits of its digest.
   */
  String label(LeaderboardRow row) {
    boolean alone = names.getOrDefault(row.encoder(), 1L) == 1;
    return alone ? row.encoder() : row.encoder() + "@" + row.digest12().substring(0, 8);
  }

  /** One an encoder, not empty. */
  List<LeaderboardRow> rows() {
    return rows;
  }

  /** The protocol's fingerprint covers task and version, too; they are here for plain sight. */
  private static String key(Result run) {
    return String.join(
        " ",
        run.task().name(),
        run.task().version(),
        run.data().fingerprint(),
        run.task().split(),
        run.protocol().fingerprint());
  }

  /** Returns one run of the row, for what all have in common. */
  Result sample() {
    return rows.get(0).runs().get(0);
  }

  String title() {
    Result run = sample();
    return run.task().name()
        + " "
        + run.task().version()
        + ": "
        + run.data().name()
        + "/"
        + run.task().split()
        + ", protocol "
        + run.protocol().name()
        + " ("
        + protocol12()
        + ")";
  }

  String protocol12() {
    return sample().protocol().fingerprint().substring(0, 12);
  }

  String data8() {
    return sample().data().fingerprint().substring(0, 8);
  }

  /** Every metric of its runs: the primary one first, the others by name. */
  List<String> metrics() {
    return metrics;
  }

  /**
   * The random-init encoder that a row is measured against: one of its own architecture, that with
   * the most seeds. Where a record does not say what architecture it is of, the only control there
   * is.
   */
  Optional<LeaderboardRow> control(LeaderboardRow row) {
    return Optional.ofNullable(controls.get(row));
  }

  private static Optional<LeaderboardRow> control(
      List<LeaderboardRow> randomInit, LeaderboardRow row) {
    if (randomInit.size() == 1
        && (row.architecture().isEmpty() || randomInit.get(0).architecture().isEmpty())) {
      return Optional.of(randomInit.get(0));
    }
    return randomInit.stream()
        .filter(control -> control.architecture().isPresent())
        .filter(control -> control.architecture().equals(row.architecture()))
        .max(Comparator.comparing((LeaderboardRow control) -> control.runs().size()));
  }

  private static List<String> metricsOf(List<LeaderboardRow> rows) {
    String primary = rows.get(0).runs().get(0).task().metric();
    Set<String> names = new HashSet<>();
    rows.forEach(row -> row.runs().forEach(run -> names.addAll(run.metrics().keySet())));
    names.remove(primary);
    List<String> metrics = new ArrayList<>(List.of(primary));
    names.stream().sorted().forEach(metrics::add);
    return List.copyOf(metrics);
  }

  private Ranking rank(String metric) {
    boolean tested = metric.equals(metrics.get(0));
    return Ranking.of(rows, this::control, metric, higherIsBetter(metric), tested);
  }

  /**
   * The rows by one metric.
   *
   * @param metric one of {@link #metrics}
   */
  Ranking ranking(String metric) {
    return Objects.requireNonNull(rankings.get(metric), metric);
  }

  boolean higherIsBetter(String metric) {
    return sample().task().higherIsBetter().getOrDefault(metric, true);
  }
}
