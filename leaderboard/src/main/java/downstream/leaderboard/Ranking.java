package downstream.leaderboard;

import downstream.leaderboard.statistics.Holm;
import downstream.leaderboard.statistics.Permutation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The rows of a section by one metric, the best first.
 *
 * <p>A row's rank is a range: from one more than the number of rows that are better beyond doubt,
 * to the number of rows that are not worse beyond doubt. Beyond doubt means that the 95% intervals
 * do not overlap; a row with one seed has no interval, and nothing is beyond doubt about it.
 */
record Ranking(String metric, List<Place> places) {
  /**
   * A row and its rank.
   *
   * @param low best rank it may have; empty if the metric could not be computed
   * @param delta mean minus that of the control (see {@link Section#control})
   * @param p of the exact permutation test against the control's seeds, after Holm's correction for
   *     the rows of this ranking; empty for the control
   */
  record Place(
      Row row,
      Estimate estimate,
      Optional<Integer> low,
      Optional<Integer> high,
      Optional<Double> delta,
      Optional<Double> p) {
    /** {@code 2}, or {@code 1-3} where rows cannot be told apart. */
    Optional<String> rank() {
      return low.map(l -> high.filter(h -> !h.equals(l)).map(h -> l + "-" + h).orElse(l + ""));
    }
  }

  static Ranking of(List<Row> rows, String metric, boolean higherIsBetter) {
    // Sorted on unrounded values; names only decide where those are equal.
    Comparator<Double> better =
        higherIsBetter ? Comparator.reverseOrder() : Comparator.naturalOrder();
    List<Estimated> sorted =
        rows.stream()
            .map(row -> new Estimated(row, row.estimate(metric)))
            .sorted(
                Comparator.comparing((Estimated e) -> e.estimate().mean(), emptyLast(better))
                    .thenComparing(e -> e.row().encoder())
                    .thenComparing(e -> e.row().digest12()))
            .toList();
    List<Row> controls = rows.stream().filter(Row::isBaseline).toList();
    List<Optional<Double>> p = corrected(sorted, controls, metric);
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < sorted.size(); i++) {
      Optional<Row> control = Section.control(controls, sorted.get(i).row());
      Optional<Double> level = control.flatMap(c -> c.estimate(metric).mean());
      places.add(place(i, sorted, level, p.get(i)));
    }
    return new Ranking(metric, List.copyOf(places));
  }

  /** A row with its estimate, which is computed once. */
  private record Estimated(Row row, Estimate estimate) {}

  private static Comparator<Optional<Double>> emptyLast(Comparator<Double> order) {
    return (a, b) ->
        a.isPresent() && b.isPresent()
            ? order.compare(a.get(), b.get())
            : Boolean.compare(b.isPresent(), a.isPresent());
  }

  private static List<Optional<Double>> corrected(
      List<Estimated> sorted, List<Row> controls, String metric) {
    List<Optional<Double>> raw = new ArrayList<>();
    for (Estimated estimated : sorted) {
      Row row = estimated.row();
      List<Double> untrained =
          Section.control(controls, row).map(c -> c.values(metric)).orElse(List.of());
      List<Double> values = row.values(metric);
      boolean test = !row.isBaseline() && !untrained.isEmpty() && !values.isEmpty();
      raw.add(test ? Optional.of(Permutation.of(values, untrained).p()) : Optional.empty());
    }
    Iterator<Double> adjusted =
        Holm.adjust(raw.stream().flatMap(Optional::stream).toList()).iterator();
    return raw.stream().map(p -> p.map(known -> adjusted.next())).toList();
  }

  private static Place place(
      int own, List<Estimated> sorted, Optional<Double> control, Optional<Double> p) {
    Row row = sorted.get(own).row();
    Estimate estimate = sorted.get(own).estimate();
    Optional<Double> delta = estimate.mean().flatMap(mean -> control.map(c -> mean - c));
    if (estimate.mean().isEmpty()) {
      return new Place(row, estimate, Optional.empty(), Optional.empty(), delta, p);
    }
    int low = 1;
    int high = 0;
    for (int i = 0; i < sorted.size(); i++) {
      Estimate other = sorted.get(i).estimate();
      boolean apart = estimate.differsFrom(other);
      low += apart && i < own ? 1 : 0;
      high += other.mean().isPresent() && !(apart && i > own) ? 1 : 0;
    }
    return new Place(row, estimate, Optional.of(low), Optional.of(high), delta, p);
  }
}
