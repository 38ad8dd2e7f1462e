package downstream.leaderboard;

import downstream.leaderboard.statistics.Holm;
import downstream.leaderboard.statistics.Interval;
import downstream.leaderboard.statistics.PermutationTestResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The rows of a section by one metric, the best first; those that can have no rank stand last.
 *
 * <p>A row's rank is a range: from one more than the number of rows that are better beyond doubt,
 * to the number of rows that are not worse beyond doubt. Beyond doubt means that the 95% intervals
 * do not overlap; a row with one seed has no interval, and nothing is beyond doubt about it.
 */
record Ranking(String metric, List<Place> places) {
  /**
   * A row and its rank.
   *
   * @param low best rank it may have; empty if the metric could not be computed, or the row can
   *     have no rank
   * @param delta mean minus that of the control (see {@link LeaderboardTable#control})
   * @param p of the exact permutation test against the control's seeds, after Holm's correction for
   *     the rows of this ranking; empty for the control and for metrics that are not the primary
   */
  record Place(
      LeaderboardRow row,
      SeedMean estimate,
      Optional<Integer> low,
      Optional<Integer> high,
      Optional<Double> delta,
      Optional<Double> p) {
    /** {@code 2}, or {@code 1-3} where rows cannot be told apart. */
    Optional<String> rank() {
      return low.map(l -> high.filter(h -> !h.equals(l)).map(h -> l + "-" + h).orElse(l + ""));
    }
  }

  /** A row with what its place depends on, which is asked for many times. */
  private record Estimated(LeaderboardRow row, SeedMean estimate, boolean isRanked) {
    static Estimated of(LeaderboardRow row, String metric) {
      SeedMean estimate = row.estimate(metric);
      return new Estimated(row, estimate, row.isRanked() && estimate.mean().isPresent());
    }
  }

  /**
   * Ranks them.
   *
   * @param control the random-init row that a row is measured against
   * @param tested whether the rows are held against the control by a test
   */
  static Ranking of(
      List<LeaderboardRow> rows,
      Function<LeaderboardRow, Optional<LeaderboardRow>> control,
      String metric,
      boolean higherIsBetter,
      boolean tested) {
    List<Estimated> sorted =
        rows.stream()
            .map(row -> Estimated.of(row, metric))
            .sorted(bestFirst(higherIsBetter))
            .toList();
    List<Optional<Double>> p =
        tested
            ? corrected(sorted, control, metric)
            : Collections.nCopies(sorted.size(), Optional.empty());
    Ends ends = Ends.of(sorted, higherIsBetter);
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < sorted.size(); i++) {
      LeaderboardRow row = sorted.get(i).row();
      SeedMean estimate = sorted.get(i).estimate();
      Optional<Double> delta =
          control
              .apply(row)
              .flatMap(its -> its.estimate(metric).mean())
              .flatMap(level -> estimate.mean().map(mean -> mean - level));
      boolean ranked = sorted.get(i).isRanked();
      places.add(
          new Place(
              row,
              estimate,
              ranked ? Optional.of(ends.best(estimate)) : Optional.empty(),
              ranked ? Optional.of(ends.worst(estimate)) : Optional.empty(),
              delta,
              p.get(i)));
    }
    return new Ranking(metric, List.copyOf(places));
  }

  /** Sorts on unrounded values; names only decide where those are equal. */
  private static Comparator<Estimated> bestFirst(boolean higherIsBetter) {
    Comparator<Double> better =
        higherIsBetter ? Comparator.reverseOrder() : Comparator.naturalOrder();
    return Comparator.comparing(Estimated::isRanked)
        .reversed()
        .thenComparing(e -> e.estimate().mean(), emptyLast(better))
        .thenComparing(e -> e.row().encoder())
        .thenComparing(e -> e.row().digest12());
  }

  private static Comparator<Optional<Double>> emptyLast(Comparator<Double> order) {
    return (a, b) ->
        a.isPresent() && b.isPresent()
            ? order.compare(a.get(), b.get())
            : Boolean.compare(b.isPresent(), a.isPresent());
  }

  private static List<Optional<Double>> corrected(
      List<Estimated> sorted,
      Function<LeaderboardRow, Optional<LeaderboardRow>> control,
      String metric) {
    List<Optional<Double>> raw =
        sorted.stream().map(e -> p(e.row(), control.apply(e.row()), metric)).toList();
    Iterator<Double> adjusted =
        Holm.adjust(raw.stream().flatMap(Optional::stream).toList()).iterator();
    return raw.stream().map(p -> p.map(known -> adjusted.next())).toList();
  }

  /** p-value before the correction; empty where there is nothing to compare. */
  private static Optional<Double> p(
      LeaderboardRow row, Optional<LeaderboardRow> control, String metric) {
    if (row.isControl() || control.isEmpty()) {
      return Optional.empty();
    }
    List<Double> values = row.values(metric);
    List<Double> controlValues = control.get().values(metric);
    return values.isEmpty() || controlValues.isEmpty()
        ? Optional.empty()
        : Optional.of(PermutationTestResult.of(values, controlValues).p());
  }

  /**
   * Both ends of all intervals, each sorted, so that those beyond one are counted without looking
   * at each.
   */
  private static final class Ends {
    private final double[] lows;
    private final double[] highs;
    private final int count;
    private final boolean higherIsBetter;

    private Ends(List<Estimated> ranked, boolean higherIsBetter) {
      this.lows = sorted(ranked, Interval::low);
      this.highs = sorted(ranked, Interval::high);
      this.count = ranked.size();
      this.higherIsBetter = higherIsBetter;
    }

    static Ends of(List<Estimated> all, boolean higherIsBetter) {
      return new Ends(all.stream().filter(Estimated::isRanked).toList(), higherIsBetter);
    }

    private static double[] sorted(List<Estimated> all, ToDoubleFunction<Interval> end) {
      return all.stream()
          .flatMap(e -> e.estimate().interval().stream())
          .mapToDouble(end)
          .sorted()
          .toArray();
    }

    int best(SeedMean estimate) {
      return 1 + estimate.interval().map(i -> higherIsBetter ? above(i) : below(i)).orElse(0);
    }

    int worst(SeedMean estimate) {
      return count - estimate.interval().map(i -> higherIsBetter ? below(i) : above(i)).orElse(0);
    }

    /** Intervals that begin behind the end of this one. */
    private int above(Interval interval) {
      return lows.length - first(lows, Math.nextUp(interval.high()));
    }

    /** Intervals that end before the begin of this one. */
    private int below(Interval interval) {
      return first(highs, interval.low());
    }

    /** The number of values that are less than this one. */
    private static int first(double[] values, double least) {
      int found = Arrays.binarySearch(values, least);
      while (found > 0 && values[found - 1] == least) {
        found--;
      }
      return found < 0 ? -found - 1 : found;
    }
  }
}
