package downstream.detection.targets;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Draws the boxes of an image that a loss looks at (Girshick 2015, section 2.3; Ren et al. 2015,
 * section 3.1.3): mostly background would drown the objects.
 *
 * @param count boxes of an image
 * @param positiveFraction largest fraction of them that is objects', [0, 1]; background fills up
 */
public record BalancedSampler(int count, double positiveFraction) {
  /** Rows of the sampled boxes: host data, not copied. */
  public static final class Sample {
    public final int[] positives;
    public final int[] negatives;

    private Sample(int[] positives, int[] negatives) {
      this.positives = positives;
      this.negatives = negatives;
    }

    /** Objects' boxes first. */
    public int[] all() {
      return IntStream.concat(Arrays.stream(positives), Arrays.stream(negatives)).toArray();
    }
  }

  /**
   * Draws without replacement.
   *
   * @param matched as {@link Matcher#match} gives it
   */
  public Sample draw(int[] matched, RandomGenerator random) {
    int[] objects = rows(matched, match -> match >= 0);
    int[] background = rows(matched, match -> match == Matcher.BACKGROUND);
    int[] positives = shuffled(objects, (int) (count * positiveFraction), random);
    return new Sample(positives, shuffled(background, count - positives.length, random));
  }

  private static int[] rows(int[] matched, IntPredicate wanted) {
    return IntStream.range(0, matched.length).filter(row -> wanted.test(matched[row])).toArray();
  }

  /** The first {@code limit} of a shuffle, in ascending order. */
  private static int[] shuffled(int[] rows, int limit, RandomGenerator random) {
    if (rows.length <= limit) {
      return rows;
    }
    for (int i = 0; i < limit; i++) {
      int other = i + random.nextInt(rows.length - i);
      int row = rows[i];
      rows[i] = rows[other];
      rows[other] = row;
    }
    int[] sampled = Arrays.copyOf(rows, limit);
    Arrays.sort(sampled);
    return sampled;
  }
}
