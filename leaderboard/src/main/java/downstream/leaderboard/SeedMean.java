package downstream.leaderboard;

import downstream.leaderboard.statistics.Interval;
import downstream.leaderboard.statistics.StudentT;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The mean of a metric over seeds, and how well it is known.
 *
 * @param count seeds for which the metric could be computed
 * @param mean empty if there is none
 * @param deviation sample standard deviation (n − 1); empty for fewer than two seeds
 * @param interval 95% of Student's t over the seeds; empty for fewer than two
 */
record SeedMean(
    int count, Optional<Double> mean, Optional<Double> deviation, Optional<Interval> interval) {
  /** Mean of no seed at all. */
  static final SeedMean NONE =
      new SeedMean(0, Optional.empty(), Optional.empty(), Optional.empty());

  private static final double LEVEL = 0.95;

  /** Quantiles for the usual numbers of seeds, since thousands of rows ask for the same few. */
  private static final List<Double> QUANTILES =
      IntStream.rangeClosed(0, 20).mapToObj(n -> n < 2 ? 0.0 : computed(n)).toList();

  static SeedMean of(List<Double> values) {
    int n = values.size();
    if (n == 0) {
      return NONE;
    }
    double[] each = new double[n];
    for (int i = 0; i < n; i++) {
      each[i] = values.get(i);
    }
    double mean = DoubleStream.of(each).sum() / n;
    if (n == 1) {
      return new SeedMean(1, Optional.of(mean), Optional.empty(), Optional.empty());
    }
    for (int i = 0; i < n; i++) {
      each[i] = (each[i] - mean) * (each[i] - mean);
    }
    double deviation = Math.sqrt(DoubleStream.of(each).sum() / (n - 1));
    double half = quantile(n) * deviation / Math.sqrt(n);
    Interval interval = new Interval(mean - half, mean + half);
    return new SeedMean(n, Optional.of(mean), Optional.of(deviation), Optional.of(interval));
  }

  private static double quantile(int n) {
    return n < QUANTILES.size() ? QUANTILES.get(n) : computed(n);
  }

  private static double computed(int n) {
    return StudentT.within(n - 1, LEVEL);
  }

  /**
   * Tells whether the two differ beyond the uncertainty of the seeds: both intervals are known and
   * do not overlap.
   */
  boolean differsFrom(SeedMean other) {
    return interval.isPresent()
        && other.interval.isPresent()
        && !interval.get().overlaps(other.interval.get());
  }
}
