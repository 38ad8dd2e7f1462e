package downstream.leaderboard;

import java.util.ArrayList;
import java.util.Comparator;
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
   * @param delta mean minus that of the control
   */
  record Place(
      Row row,
      Estimate estimate,
      Optional<Integer> low,
      Optional<Integer> high,
      Optional<Double> delta) {
    /** {@code 2}, or {@code 1-3} where rows cannot be told apart. */
    Optional<String> rank() {
      return low.map(l -> high.filter(h -> !h.equals(l)).map(h -> l + "-" + h).orElse(l + ""));
    }
  }

  static Ranking of(List<Row> rows, String metric, boolean higherIsBetter) {
    // Sorted on unrounded values; names only decide where those are equal.
    Comparator<Double> better =
        higherIsBetter ? Comparator.reverseOrder() : Comparator.naturalOrder();
    List<Row> sorted =
        rows.stream()
            .sorted(
                Comparator.comparing((Row row) -> row.estimate(metric).mean(), emptyLast(better))
                    .thenComparing(Row::encoder)
                    .thenComparing(Row::digest12))
            .toList();
    Optional<Double> control = control(rows, metric);
    List<Place> places = new ArrayList<>();
    for (Row row : sorted) {
      places.add(place(row, sorted, metric, control));
    }
    return new Ranking(metric, List.copyOf(places));
  }

  private static Comparator<Optional<Double>> emptyLast(Comparator<Double> order) {
    return (a, b) ->
        a.isPresent() && b.isPresent()
            ? order.compare(a.get(), b.get())
            : Boolean.compare(b.isPresent(), a.isPresent());
  }

  private static Optional<Double> control(List<Row> rows, String metric) {
    List<Row> controls = rows.stream().filter(Row::isBaseline).toList();
    return controls.size() == 1 ? controls.get(0).estimate(metric).mean() : Optional.empty();
  }

  private static Place place(Row row, List<Row> sorted, String metric, Optional<Double> control) {
    Estimate estimate = row.estimate(metric);
    Optional<Double> delta = estimate.mean().flatMap(mean -> control.map(c -> mean - c));
    if (estimate.mean().isEmpty()) {
      return new Place(row, estimate, Optional.empty(), Optional.empty(), delta);
    }
    int own = sorted.indexOf(row);
    int low = 1;
    int high = 0;
    for (int i = 0; i < sorted.size(); i++) {
      Estimate other = sorted.get(i).estimate(metric);
      boolean apart = estimate.differsFrom(other);
      low += apart && i < own ? 1 : 0;
      high += other.mean().isPresent() && !(apart && i > own) ? 1 : 0;
    }
    return new Place(row, estimate, Optional.of(low), Optional.of(high), delta);
  }
}
