package downstream.leaderboard.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.inference.TTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SeedDifferenceTest {
  private static List<Double> normal(Random random, int n, double mean, double deviation) {
    return DoubleStream.generate(() -> mean + deviation * random.nextGaussian())
        .limit(n)
        .boxed()
        .toList();
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(v -> v).toArray();
  }

  /**
   * The interval at level 1 − p of Welch's test ends at zero; at 95% it excludes zero iff p < 5%.
   */
  @Test
  void interval_agrees_with_welchs_test_of_commons_math() {
    Random random = new Random(5);
    int apart = 0;
    for (int round = 0; round < 300; round++) {
      List<Double> a = normal(random, 2 + random.nextInt(6), 0.5, 0.02);
      List<Double> b = normal(random, 2 + random.nextInt(6), 0.47, 0.05);
      boolean differ = new TTest().tTest(array(a), array(b)) < 0.05;
      boolean excluded = !SeedDifference.of(a, b).interval().orElseThrow().contains(0);
      assertThat(excluded).isEqualTo(differ);
      apart += differ ? 1 : 0;
    }
    assertThat(apart).isBetween(20, 280);
  }

  @Test
  void interval_of_pairs_agrees_with_the_paired_test_of_commons_math() {
    Random random = new Random(6);
    int apart = 0;
    for (int round = 0; round < 300; round++) {
      int n = 2 + random.nextInt(8);
      List<Double> shared = normal(random, n, 0, 0.1);
      List<Double> a = sum(shared, normal(random, n, 0.5, 0.02));
      List<Double> b = sum(shared, normal(random, n, 0.48, 0.02));
      boolean differ = new TTest().pairedTTest(array(a), array(b)) < 0.05;
      SeedDifference paired = SeedDifference.paired(a, b);
      assertThat(!paired.interval().orElseThrow().contains(0)).isEqualTo(differ);
      assertThat(paired.difference())
          .isCloseTo(SeedDifference.of(a, b).difference(), within(1e-12));
      apart += differ ? 1 : 0;
    }
    assertThat(apart).isBetween(20, 280);
  }

  private static List<Double> sum(List<Double> a, List<Double> b) {
    return IntStream.range(0, a.size()).mapToObj(i -> a.get(i) + b.get(i)).toList();
  }

  @Test
  void one_pair_has_a_difference_and_no_interval() {
    SeedDifference one = SeedDifference.paired(List.of(0.5), List.of(0.25));
    assertThat(one.difference()).isEqualTo(0.25);
    assertThat(one.interval()).isEmpty();
    assertThat(one.permutation().p()).isEqualTo(1);
  }

  @Test
  @Tag("thorough")
  void interval_covers_the_truth_as_often_as_it_says() {
    Random random = new Random(11);
    int covered = 0;
    int rounds = 4000;
    for (int round = 0; round < rounds; round++) {
      List<Double> a = normal(random, 3, 0.40, 0.02);
      List<Double> b = normal(random, 5, 0.37, 0.02);
      covered += SeedDifference.of(a, b).interval().orElseThrow().contains(0.03) ? 1 : 0;
    }
    System.out.printf("Welch over seeds, 3 and 5: covers in %.3f%n", covered / (double) rounds);
    assertThat(covered / (double) rounds).isBetween(0.94, 0.975);
  }

  @Test
  @Tag("thorough")
  void smallest_difference_is_found_four_times_in_five() {
    Random random = new Random(7);
    int n = 5;
    double deviation = 0.02;
    // With the true deviation: (t(0.975, 8) + t(0.8, 8)) · s · √(2/5)
    double smallest = (2.306004 + 0.888890) * deviation * Math.sqrt(2.0 / n);
    int found = 0;
    for (int round = 0; round < 4000; round++) {
      List<Double> a = normal(random, n, smallest, deviation);
      List<Double> b = normal(random, n, 0, deviation);
      found += new TTest().homoscedasticTTest(array(a), array(b)) < 0.05 ? 1 : 0;
    }
    assertThat(found / 4000.0).isBetween(0.76, 0.84);
  }

  /** By hand: variances 4 and 20/3, so pooled (2·4 + 3·20/3)/5; t(0.975, 5) and t(0.8, 5). */
  @Test
  void smallest_difference_of_groups_of_unequal_size() {
    SeedDifference difference =
        SeedDifference.of(List.of(1.0, 3.0, 5.0), List.of(2.0, 4.0, 6.0, 8.0));
    double expected = (2.5705818 + 0.9195438) * Math.sqrt(28 / 5.0) * Math.sqrt(1 / 3.0 + 1 / 4.0);
    assertThat(difference.smallest().orElseThrow()).isCloseTo(expected, within(1e-6));
    assertThat(difference.difference()).isEqualTo(-2);
  }

  /** By hand: 1/3 and 5/3 add to 2, with 4/(1/18 + 25/27) = 4.0755 degrees of freedom. */
  @Test
  void interval_of_groups_of_unequal_size_and_spread() {
    Interval interval =
        SeedDifference.of(List.of(1.0, 2.0, 3.0), List.of(2.0, 4.0, 6.0, 8.0))
            .interval()
            .orElseThrow();
    assertThat(interval.low()).isCloseTo(-3 - 2.7562849 * Math.sqrt(2), within(1e-6));
    assertThat(interval.high()).isCloseTo(-3 + 2.7562849 * Math.sqrt(2), within(1e-6));
  }

  @Test
  void one_seed_against_several_has_no_interval_whichever_is_first() {
    List<Double> one = List.of(0.5);
    List<Double> three = List.of(0.1, 0.2, 0.3);
    for (SeedDifference d : List.of(SeedDifference.of(one, three), SeedDifference.of(three, one))) {
      assertThat(d.interval()).isEmpty();
      assertThat(d.smallest()).isEmpty();
    }
    SeedDifference two = SeedDifference.of(List.of(0.5, 0.6), List.of(0.1, 0.3));
    assertThat(two.interval()).isPresent();
    assertThat(two.smallest()).isPresent();
  }

  @Test
  void one_seed_has_a_difference_and_no_interval() {
    SeedDifference one = SeedDifference.of(List.of(0.5), List.of(0.25));
    assertThat(one.difference()).isEqualTo(0.25);
    assertThat(one.interval()).isEmpty();
    assertThat(one.smallest()).isEmpty();
    assertThat(one.permutation().p()).isEqualTo(1);
  }

  @Test
  void no_spread_is_no_width() {
    SeedDifference same = SeedDifference.of(List.of(0.5, 0.5), List.of(0.25, 0.25));
    assertThat(same.interval()).contains(new Interval(0.25, 0.25));
  }
}
