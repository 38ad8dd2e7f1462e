package downstream.leaderboard.statistics;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.StatUtils;

/**
 * The difference of two means over seeds, a minus b.
 *
 * @param interval 95%: Welch's, or Student's of the differences of pairs; empty where a group has
 *     fewer than two seeds
 * @param permutation permutation test of the seeds
 * @param smallest the smallest true difference that these numbers of seeds with this spread show
 *     with a probability of 80% at the 5% level: (t₀.₉₇₅ + t₀.₈)·s·√(1/n + 1/m), s pooled, t with n
 *     + m − 2 degrees of freedom; of n pairs (t₀.₉₇₅ + t₀.₈)·s/√n, s of the differences, n − 1
 *     degrees of freedom
 */
public record SeedDifference(
    double difference,
    Optional<Interval> interval,
    PermutationTestResult permutation,
    Optional<Double> smallest) {
  private static final double LEVEL = 0.95;
  private static final double POWER = 0.8;

  /** Compares two groups, neither empty. */
  public static SeedDifference of(List<Double> a, List<Double> b) {
    double[] x = a.stream().mapToDouble(v -> v).toArray();
    double[] y = b.stream().mapToDouble(v -> v).toArray();
    double difference = StatUtils.mean(x) - StatUtils.mean(y);
    boolean spread = x.length > 1 && y.length > 1;
    return new SeedDifference(
        difference,
        spread ? Optional.of(welch(difference, x, y)) : Optional.empty(),
        PermutationTestResult.of(a, b),
        spread ? Optional.of(smallest(x, y)) : Optional.empty());
  }

  /**
   * Compares two groups whose values belong together two by two: the spread that both of a pair
   * share cancels out.
   *
   * @param b as many as a, not empty, in the order of a
   */
  public static SeedDifference paired(List<Double> a, List<Double> b) {
    List<Double> differences =
        IntStream.range(0, a.size()).mapToObj(i -> a.get(i) - b.get(i)).toList();
    double[] x = differences.stream().mapToDouble(v -> v).toArray();
    PermutationTestResult permutation = PermutationTestResult.paired(differences);
    double difference = StatUtils.mean(x);
    if (x.length < 2) {
      return new SeedDifference(difference, Optional.empty(), permutation, Optional.empty());
    }
    double error = Math.sqrt(StatUtils.variance(x) / x.length);
    double half = error == 0 ? 0 : StudentT.within(x.length - 1, LEVEL) * error;
    return new SeedDifference(
        difference,
        Optional.of(new Interval(difference - half, difference + half)),
        permutation,
        Optional.of(quantiles(x.length - 1) * error));
  }

  private static Interval welch(double difference, double[] x, double[] y) {
    double vx = StatUtils.variance(x) / x.length;
    double vy = StatUtils.variance(y) / y.length;
    double sum = vx + vy;
    if (sum == 0) {
      return new Interval(difference, difference);
    }
    double freedom = sum * sum / (vx * vx / (x.length - 1) + vy * vy / (y.length - 1));
    double t = StudentT.within(freedom, LEVEL);
    double half = t * Math.sqrt(sum);
    return new Interval(difference - half, difference + half);
  }

  private static double smallest(double[] x, double[] y) {
    int freedom = x.length + y.length - 2;
    double squares =
        (x.length - 1) * StatUtils.variance(x) + (y.length - 1) * StatUtils.variance(y);
    return quantiles(freedom)
        * Math.sqrt(squares / freedom)
        * Math.sqrt(1.0 / x.length + 1.0 / y.length);
  }

  private static double quantiles(int freedom) {
    TDistribution t = new TDistribution(freedom);
    return t.inverseCumulativeProbability((1 + LEVEL) / 2) + t.inverseCumulativeProbability(POWER);
  }
}
