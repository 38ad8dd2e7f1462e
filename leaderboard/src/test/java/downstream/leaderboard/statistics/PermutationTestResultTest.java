package downstream.leaderboard.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PermutationTestResultTest {
  /** Slow and obvious: every subset as bits of a number. */
  private static double reference(List<Double> a, List<Double> b) {
    List<Double> all = new ArrayList<>(a);
    all.addAll(b);
    double observed = Math.abs(mean(a) - mean(b));
    int ways = 0;
    int extreme = 0;
    for (int bits = 0; bits < 1 << all.size(); bits++) {
      if (Integer.bitCount(bits) == a.size()) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
          ((bits >> i & 1) == 1 ? x : y).add(all.get(i));
        }
        ways++;
        extreme += Math.abs(mean(x) - mean(y)) >= observed - 1e-9 ? 1 : 0;
      }
    }
    return extreme / (double) ways;
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(v -> v).average().orElseThrow();
  }

  @Test
  void three_against_three_apart_is_two_of_twenty() {
    PermutationTestResult test =
        PermutationTestResult.of(List.of(1.0, 2.0, 3.0), List.of(7.0, 8.0, 9.0));
    assertThat(test.p()).isEqualTo(0.1);
    assertThat(test.least()).isEqualTo(0.1);
    assertThat(test.exact()).isTrue();
  }

  /** By hand: of the 16 sums ±1 ±2 ±3 ±4, four are at least 8 from zero: 10, 8, −8 and −10. */
  @Test
  void signs_of_pairs() {
    PermutationTestResult test = PermutationTestResult.paired(List.of(-1.0, 2.0, 3.0, 4.0));
    assertThat(test.p()).isEqualTo(4 / 16.0);
    assertThat(test.least()).isEqualTo(2 / 16.0);
    assertThat(test.exact()).isTrue();
  }

  @Test
  void many_pairs_are_sampled_and_agree_with_all_signs() {
    Random random = new Random(3);
    List<Double> few = random.doubles(16, -0.3, 0.7).boxed().toList();
    List<Double> padded = new ArrayList<>(few);
    padded.addAll(java.util.Collections.nCopies(4, 0.0)); // changes no sum, but needs a sample
    PermutationTestResult sampled = PermutationTestResult.paired(padded);
    assertThat(sampled.exact()).isFalse();
    assertThat(sampled.p()).isCloseTo(PermutationTestResult.paired(few).p(), within(0.005));
  }

  /** By hand: of 35 ways, 3 have a first group that sums to 92 or less, and one is as far above. */
  @Test
  void groups_of_unequal_size() {
    PermutationTestResult test =
        PermutationTestResult.of(List.of(19.0, 22.0, 25.0, 26.0), List.of(23.0, 33.0, 40.0));
    assertThat(test.p()).isCloseTo(4 / 35.0, within(1e-12));
    assertThat(test.least()).isEqualTo(1 / 35.0);
  }

  /** Sums in another order differ in their last digits, more so the larger the values are. */
  @Test
  void rounding_makes_no_deal_less_extreme_than_its_mirror() {
    for (double scale : new double[] {1e-9 / 7, 0.1, 1e9 / 7}) {
      List<Double> a = Stream.of(19.0, 22.0, 25.0, 26.0).map(v -> v * scale).toList();
      List<Double> b = Stream.of(23.0, 33.0, 40.0).map(v -> v * scale).toList();
      assertThat(PermutationTestResult.of(a, b).p()).as("times " + scale).isEqualTo(4 / 35.0);
    }
  }

  /** No deal drawn is as extreme as the one that happened, which counts itself. */
  @Test
  void groups_far_apart_have_the_smallest_p_of_a_sample() {
    List<Double> a = IntStream.range(0, 40).mapToObj(i -> (double) i).toList();
    List<Double> b = IntStream.range(0, 40).mapToObj(i -> 1000.0 + i).toList();
    PermutationTestResult test = PermutationTestResult.of(a, b);
    assertThat(test.exact()).isFalse();
    assertThat(test.p()).isEqualTo(1 / 100_001.0);
  }

  @Test
  void agrees_with_every_subset() {
    Random random = new Random(3);
    for (int round = 0; round < 50; round++) {
      List<Double> a = random.doubles(1 + random.nextInt(5)).boxed().toList();
      List<Double> b = random.doubles(1 + random.nextInt(5)).boxed().toList();
      assertThat(PermutationTestResult.of(a, b).p()).isCloseTo(reference(a, b), within(1e-12));
      assertThat(PermutationTestResult.of(a, b).p()).isEqualTo(PermutationTestResult.of(b, a).p());
    }
  }

  @Test
  void equal_groups_cannot_be_told_apart() {
    assertThat(PermutationTestResult.of(List.of(0.1, 0.2, 0.3), List.of(0.3, 0.1, 0.2)).p())
        .isEqualTo(1);
  }

  @Test
  void groups_of_zeros_cannot_be_told_apart() {
    assertThat(PermutationTestResult.of(List.of(0.0, 0.0), List.of(0.0, 0.0)).p()).isEqualTo(1);
  }

  @Test
  void many_values_are_sampled() {
    List<Double> a = new Random(1).doubles(20).boxed().toList();
    List<Double> b = new Random(2).doubles(20).map(v -> v + 0.25).boxed().toList();
    PermutationTestResult test = PermutationTestResult.of(a, b);
    assertThat(test.exact()).isFalse();
    double t =
        new org.apache.commons.math3.stat.inference.TTest()
            .tTest(
                a.stream().mapToDouble(v -> v).toArray(), b.stream().mapToDouble(v -> v).toArray());
    assertThat(test.p()).isCloseTo(t, within(0.01));
  }
}
