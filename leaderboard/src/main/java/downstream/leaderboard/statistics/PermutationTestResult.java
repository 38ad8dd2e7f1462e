package downstream.leaderboard.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Result of the permutation test of two groups (Fisher 1935, Pitman 1937): the share of all ways to
 * deal the values out again whose means differ at least as much as they do. Needs no distribution,
 * only that under the null hypothesis every value could have been in either group; of pairs, that
 * the two of each pair could have been exchanged.
 *
 * @param p two-sided
 * @param exact whether all ways were tried, not a sample of them
 * @param least the smallest p that groups of these sizes can give at all
 */
public record PermutationTestResult(double p, boolean exact, double least) {
  private static final long MOST_WAYS = 200_000;
  private static final int SAMPLE = 100_000;

  /** Tests two groups, neither empty. */
  public static PermutationTestResult of(List<Double> a, List<Double> b) {
    List<Double> all = new ArrayList<>(a);
    all.addAll(b);
    long ways = ways(all.size(), a.size());
    double least = (a.size() == b.size() ? 2.0 : 1.0) / ways;
    Counter counter = new Counter(all, a.size());
    if (ways <= MOST_WAYS) {
      counter.all(0, 0, 0);
      return new PermutationTestResult(counter.extreme / (double) counter.tried, true, least);
    }
    counter.sample(new Random(0));
    // The deal that happened is one of those that could have been drawn.
    return new PermutationTestResult((counter.extreme + 1.0) / (counter.tried + 1.0), false, least);
  }

  /**
   * Tests pairs: of all ways to give each difference a sign, the share whose sum is at least as far
   * from zero.
   *
   * @param differences of each pair, not empty
   */
  public static PermutationTestResult paired(List<Double> differences) {
    int n = differences.size();
    double[] values = differences.stream().mapToDouble(v -> v).toArray();
    double largest = differences.stream().mapToDouble(Math::abs).max().orElse(0);
    // Sums in another order differ in their last digits.
    double observed = Math.abs(differences.stream().mapToDouble(v -> v).sum()) - 1e-12 * largest;
    boolean exact = n < Long.SIZE - 1 && 1L << n <= MOST_WAYS;
    double least = Math.pow(2, 1 - n);
    Random random = new Random(0);
    long tried = exact ? 1L << n : SAMPLE;
    long extreme = 0;
    for (long way = 0; way < tried; way++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        boolean turned = exact ? (way >> i & 1) == 1 : random.nextBoolean();
        sum += turned ? -values[i] : values[i];
      }
      extreme += Math.abs(sum) >= observed ? 1 : 0;
    }
    // Unless all were tried, the signs that happened are among those that could have been drawn.
    double p = exact ? extreme / (double) tried : (extreme + 1.0) / (tried + 1.0);
    return new PermutationTestResult(p, exact, least);
  }

  /** n over k, or something above {@link #MOST_WAYS}. */
  private static long ways(int n, int k) {
    long ways = 1;
    for (int i = 1; i <= k && ways <= MOST_WAYS; i++) {
      ways = ways * (n - k + i) / i;
    }
    return ways;
  }

  /** Counts deals whose means are at least as far apart as those of the first k values. */
  private static final class Counter {
    private final List<Double> values;
    private final int k;
    private final double total;
    private final double observed;
    private long tried;
    private long extreme;

    Counter(List<Double> values, int k) {
      this.values = values;
      this.k = k;
      total = values.stream().mapToDouble(v -> v).sum();
      double spread = values.stream().mapToDouble(Math::abs).max().orElse(0);
      // Sums in another order differ in their last digits.
      observed = distance(values.stream().limit(k).mapToDouble(v -> v).sum()) - 1e-12 * spread;
    }

    private double distance(double sum) {
      return Math.abs(sum / k - (total - sum) / (values.size() - k));
    }

    private void count(double sum) {
      tried++;
      extreme += distance(sum) >= observed ? 1 : 0;
    }

    void all(int from, int taken, double sum) {
      if (taken == k) {
        count(sum);
        return;
      }
      for (int i = from; i <= values.size() - (k - taken); i++) {
        all(i + 1, taken + 1, sum + values.get(i));
      }
    }

    void sample(Random random) {
      List<Double> dealt = new ArrayList<>(values);
      for (int i = 0; i < SAMPLE; i++) {
        java.util.Collections.shuffle(dealt, random);
        count(dealt.stream().limit(k).mapToDouble(v -> v).sum());
      }
    }
  }
}
