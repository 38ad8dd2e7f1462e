package downstream.leaderboard.cli;

import downstream.eval.cli.Table;
import downstream.eval.run.Result;
import downstream.leaderboard.Comparison;
import downstream.leaderboard.statistics.Holm;
import downstream.leaderboard.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Comparisons as a table, with p-values corrected over all rows. */
final class ComparisonTable {
  private static final List<String> TITLES =
      List.of(
          "task",
          "data",
          "protocol",
          "metric",
          "unit",
          "A",
          "B",
          "A − B",
          "95% low",
          "95% high",
          "p",
          "p Holm",
          "n A",
          "n B",
          "smallest shown",
          "note");

  private static final List<String> KEYS =
      List.of(
          "task",
          "data",
          "protocol",
          "metric",
          "unit",
          "a",
          "b",
          "difference",
          "ci_low",
          "ci_high",
          "p_value",
          "p_value_holm",
          "n_a",
          "n_b",
          "smallest_shown",
          "note");

  private ComparisonTable() {}

  /**
   * One row over seeds and one over images for each.
   *
   * @param image name of what the bootstrap resamples
   */
  static Table of(List<Comparison> comparisons, String image) {
    Table table = new Table(TITLES, KEYS);
    List<Double> p = new ArrayList<>();
    for (Comparison c : comparisons) {
      c.seeds().ifPresent(s -> p.add(s.permutation().p()));
      c.images().ifPresent(i -> p.add(i.p()));
    }
    List<Double> corrected = new ArrayList<>(Holm.adjust(p));
    for (Comparison c : comparisons) {
      seedRow(table, c, c.seeds().isPresent() ? Optional.of(corrected.remove(0)) : none());
      if (c.images().isPresent()) {
        imageRow(table, c, image, corrected.remove(0));
      }
    }
    return table;
  }

  private static Optional<Double> none() {
    return Optional.empty();
  }

  private static List<Object> start(Comparison c, String unit) {
    Result run = c.a().runs().get(0).result();
    List<Object> cells = new ArrayList<>();
    cells.add(run.task().name());
    cells.add(run.data().name() + "/" + run.task().split());
    cells.add(run.protocol().name() + " " + run.protocol().fingerprint().substring(0, 8));
    cells.add(c.metric());
    cells.add(unit);
    cells.add(c.a().values(c.metric()).map(ComparisonTable::mean));
    cells.add(c.b().values(c.metric()).map(ComparisonTable::mean));
    return cells;
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(v -> v).average().orElse(Double.NaN);
  }

  private static void seedRow(Table table, Comparison c, Optional<Double> holm) {
    List<Object> cells =
        start(c, (c.paired() ? "pair of " : "") + c.a().unit() + (c.paired() ? "s" : ""));
    cells.add(c.seeds().map(s -> s.difference()));
    cells.add(c.seeds().flatMap(s -> s.interval()).map(Interval::low));
    cells.add(c.seeds().flatMap(s -> s.interval()).map(Interval::high));
    cells.add(c.seeds().map(s -> s.permutation().p()));
    cells.add(holm);
    cells.add(c.a().values(c.metric()).map(List::size));
    cells.add(c.b().values(c.metric()).map(List::size));
    cells.add(c.seeds().flatMap(s -> s.smallest()));
    cells.add(seedNote(c));
    table.row(cells);
  }

  private static String seedNote(Comparison c) {
    if (c.seeds().isEmpty()) {
      return "a run has no " + c.metric();
    }
    double least = c.seeds().get().permutation().least();
    return least > 0.05
        ? String.format(
            java.util.Locale.ROOT, "p cannot be below %.3f with so few seeds: run more", least)
        : "";
  }

  private static void imageRow(Table table, Comparison c, String image, double holm) {
    var images = c.images().orElseThrow();
    int count = c.a().runs().get(0).result().data().evaluation().images();
    List<Object> cells = start(c, image);
    cells.add(images.difference());
    cells.addAll(List.of(images.interval().low(), images.interval().high()));
    cells.addAll(List.of(images.p(), holm, count, count, none()));
    cells.add("for these trained models only");
    table.row(cells);
  }
}
