package downstream.leaderboard;

import downstream.eval.run.Result;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What may be ranked together: one task, one training and evaluation split, one protocol
 * fingerprint.
 *
 * @param rows one an encoder, not empty
 */
record Section(List<Row> rows) {
  Section {
    rows = List.copyOf(rows);
  }

  /** Sorts runs into sections; runs of different fingerprints never meet. */
  static List<Section> of(List<Result> runs) {
    Map<String, Map<String, List<Result>>> sorted = new LinkedHashMap<>();
    runs.stream()
        .sorted(
            Comparator.comparing((Result run) -> run.task().name())
                .thenComparing(run -> run.data().name())
                .thenComparing(run -> run.task().split())
                .thenComparing(run -> run.protocol().name())
                .thenComparing(run -> run.protocol().fingerprint())
                .thenComparing(run -> run.seeds().declared()))
        .forEach(
            run ->
                sorted
                    .computeIfAbsent(key(run), key -> new LinkedHashMap<>())
                    .computeIfAbsent(run.encoder().digest(), digest -> new ArrayList<>())
                    .add(run));
    return sorted.values().stream()
        .map(byEncoder -> new Section(byEncoder.values().stream().map(Row::new).toList()))
        .toList();
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

  /** One run of it, for what all have in common. */
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
    TreeSet<String> names = new TreeSet<>();
    rows.forEach(row -> row.runs().forEach(run -> names.addAll(run.metrics().keySet())));
    names.remove(sample().task().metric());
    List<String> metrics = new ArrayList<>(List.of(sample().task().metric()));
    metrics.addAll(names);
    return metrics;
  }

  /**
   * The untrained encoder that a row is measured against: one of its own architecture, that with
   * the most seeds. Where a record does not say what architecture it is of, the only control there
   * is.
   */
  static Optional<Row> control(List<Row> controls, Row row) {
    if (controls.size() == 1
        && (row.architecture().isEmpty() || controls.get(0).architecture().isEmpty())) {
      return Optional.of(controls.get(0));
    }
    return controls.stream()
        .filter(control -> control.architecture().isPresent())
        .filter(control -> control.architecture().equals(row.architecture()))
        .max(Comparator.comparing((Row control) -> control.runs().size()));
  }

  Optional<Row> control(Row row) {
    return control(rows.stream().filter(Row::isBaseline).toList(), row);
  }

  Ranking ranking(String metric) {
    return Ranking.of(rows, metric, higherIsBetter(metric));
  }

  boolean higherIsBetter(String metric) {
    return sample().task().higherIsBetter().getOrDefault(metric, true);
  }
}
