package downstream.leaderboard.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.StatUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ImageDifferenceTest {
  private static final String DATA = "0123456789abcdef".repeat(4);

  private static double mean(double[] values, double[] weights) {
    double sum = 0;
    double weight = 0;
    for (int i = 0; i < values.length; i++) {
      sum += weights[i] * values[i];
      weight += weights[i];
    }
    return sum / weight;
  }

  private static List<Double> replicates(double[] values, ImageWeights weights, int count) {
    List<Double> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(mean(values, weights.sample(i)));
    }
    return all;
  }

  @Test
  void every_replicate_draws_as_many_images_as_there_are() {
    ImageWeights weights = ImageWeights.ofImages(40, DATA);
    for (int i = 0; i < 20; i++) {
      assertThat(Arrays.stream(weights.sample(i)).sum()).isEqualTo(40);
    }
    assertThat(weights.sample(3)).isEqualTo(ImageWeights.ofImages(40, DATA).sample(3));
    assertThat(weights.sample(3)).isNotEqualTo(weights.sample(4));
  }

  @Test
  void images_of_a_block_are_drawn_together() {
    List<String> names = List.of("a_1", "b_1", "a_2", "b_2", "c_1");
    ImageWeights weights = ImageWeights.ofBlocks(names, Pattern.compile("^(.)_"), DATA);
    for (int i = 0; i < 20; i++) {
      double[] drawn = weights.sample(i);
      assertThat(drawn[0]).isEqualTo(drawn[2]);
      assertThat(drawn[1]).isEqualTo(drawn[3]);
      assertThat(drawn[0] + drawn[1] + drawn[4]).isEqualTo(3);
    }
  }

  /** Of a mean, the bootstrap's deviation is s·√((n−1)/n)/√n. */
  @Test
  void spread_of_a_mean_is_the_textbooks() {
    Random random = new Random(2);
    double[] values = random.doubles(50).toArray();
    List<Double> replicates = replicates(values, ImageWeights.ofImages(50, DATA), 4000);
    double[] array = replicates.stream().mapToDouble(v -> v).toArray();
    double expected = Math.sqrt(StatUtils.populationVariance(values) / values.length);
    assertThat(Math.sqrt(StatUtils.variance(array))).isCloseTo(expected, within(0.03 * expected));
  }

  /** Of few images the percentiles expand to what Student's t says. */
  @Test
  void interval_of_few_images_is_students() {
    Random random = new Random(5);
    double[] values = random.doubles(8).toArray();
    List<Double> replicates = replicates(values, ImageWeights.ofImages(8, DATA), 20_000);
    List<Double> none = Collections.nCopies(20_000, 0.0);
    Interval interval = ImageDifference.of(0, replicates, none, 8).interval();
    double error = Math.sqrt(StatUtils.variance(values) / 8);
    double expected = 2 * error * StudentT.within(7, 0.95);
    assertThat(interval.high() - interval.low()).isCloseTo(expected, within(0.06 * expected));
  }

  /**
   * Of ten units, Student's 2.262157 times √(10/9) is 2.384575, which the normal distribution is
   * beyond in 0.855064%: of 999 values the place 8.55064, between the eighth and the ninth.
   */
  @Test
  void interval_reads_percentiles_that_are_expanded_for_few_units() {
    List<Double> values = IntStream.rangeClosed(1, 999).mapToObj(i -> 2.0 * i).toList();
    List<Double> half = IntStream.rangeClosed(1, 999).mapToObj(i -> 1.0 * i).toList();
    Interval interval = ImageDifference.of(0, values, half, 10).interval();
    assertThat(interval.low()).isCloseTo(8.550639, within(1e-5));
    assertThat(interval.high()).isCloseTo(1000 - 8.550639, within(1e-5));
  }

  @Test
  void two_images_give_the_whole_range_of_their_replicates() {
    Interval interval =
        ImageDifference.of(0, List.of(1., 2., 3.), List.of(0., 0., 0.), 2).interval();
    assertThat(interval).isEqualTo(new Interval(1, 3));
  }

  /** Of replicates that are 3 or, {@code others} of them, as given; b is 2 throughout. */
  private static ImageDifference of(int count, int others, double other, int units) {
    List<Double> a = new ArrayList<>(Collections.nCopies(count - others, 3.0));
    a.addAll(Collections.nCopies(others, other));
    return ImageDifference.of(1, a, Collections.nCopies(count, 2.0), units);
  }

  /**
   * 399 replicates on one side: a share of 1/400, at which the normal distribution has -2.8070;
   * over √(10/9) that is -2.6630, which Student's t with 9 degrees of freedom is below in 1.296%.
   */
  @Test
  void p_is_twice_the_share_beyond_zero_widened_for_few_images() {
    assertThat(of(399, 0, 0, 10).p()).isCloseTo(0.0259186, within(1e-6));
    // A replicate that is zero lies on both sides, and so does one below.
    assertThat(of(9, 1, 2, 10).p()).isCloseTo(0.4451767, within(1e-6));
    assertThat(of(9, 1, 1, 10).p()).isCloseTo(0.4451767, within(1e-6));
    assertThat(of(9, 8, 1, 10).p()).isCloseTo(0.4451767, within(1e-6));
    assertThat(of(9, 0, 0, 4).p()).isCloseTo(0.3480230, within(1e-6));
  }

  @Test
  void p_is_one_where_zero_is_in_the_middle() {
    assertThat(of(10, 5, 1, 10).p()).isEqualTo(1);
    assertThat(of(10, 10, 2, 10).p()).isEqualTo(1);
  }

  @Test
  void replicates_that_do_not_pair_and_a_single_unit_are_refused() {
    assertThatThrownBy(() -> ImageDifference.of(0, List.of(1.0), List.of(1.0, 2.0), 9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 replicates against 2");
    assertThatThrownBy(() -> ImageDifference.of(0, List.of(), List.of(), 9))
        .hasMessage("0 replicates against 0");
    assertThatThrownBy(() -> ImageDifference.of(0, List.of(1.0), List.of(1.0), 1))
        .hasMessage("a bootstrap of 1 units");
  }

  @Test
  @Tag("thorough")
  void interval_of_a_paired_difference_covers_the_truth_as_often_as_it_says() {
    Random random = new Random(13);
    int covered = 0;
    int alarms = 0;
    int rounds = 2000;
    int images = 80;
    for (int round = 0; round < rounds; round++) {
      double[] a = new double[images];
      double[] b = new double[images];
      double[] c = new double[images];
      for (int i = 0; i < images; i++) {
        // What makes an image hard makes it hard for all.
        double hard = random.nextGaussian();
        a[i] = hard + 0.3 * random.nextGaussian() + 0.1;
        b[i] = hard + 0.3 * random.nextGaussian();
        c[i] = hard + 0.3 * random.nextGaussian();
      }
      ImageWeights weights =
          new ImageWeights(ImageWeights.ofImages(images, DATA).blocks(), random.nextLong());
      List<Double> left = replicates(a, weights, 400);
      List<Double> right = replicates(b, weights, 400);
      ImageDifference difference =
          ImageDifference.of(StatUtils.mean(a) - StatUtils.mean(b), left, right, images);
      covered += difference.interval().contains(0.1) ? 1 : 0;
      List<Double> other = replicates(c, weights, 400);
      alarms += ImageDifference.of(0, right, other, images).p() < 0.05 ? 1 : 0;
    }
    System.out.printf(
        "Paired bootstrap, 80 images: covers in %.3f, false p < 0.05 in %.3f%n",
        covered / (double) rounds, alarms / (double) rounds);
    assertThat(covered / (double) rounds).isBetween(0.935, 0.965);
    assertThat(alarms / (double) rounds).isBetween(0.035, 0.065);
  }
}
