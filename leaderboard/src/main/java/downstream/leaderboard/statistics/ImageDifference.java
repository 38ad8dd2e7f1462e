package downstream.leaderboard.statistics;

import java.util.List;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * The difference of two scores on the same images, a minus b, bootstrapped over the images: how
 * much it would move on other images of the same kind, the trained models staying as they are.
 *
 * @param interval 95%, expanded percentiles of the replicates' differences: of n units the
 *     bootstrap spreads √((n − 1)/n) too little and knows nothing of t, so further percentiles are
 *     read (Hesterberg, "What Teachers Should Know About the Bootstrap", The American Statistician
 *     2015, section 5.3)
 * @param p two-sided: twice the smaller share of replicates on one side of zero, at percentiles
 *     expanded likewise
 */
public record ImageDifference(double difference, Interval interval, double p) {
  private static final double LEVEL = 0.95;
  private static final NormalDistribution NORMAL = new NormalDistribution();

  /**
   * Compares the scores of two runs by their replicates.
   *
   * @param a one value a replicate
   * @param b the same replicates of the other
   * @param units how many images, or blocks of images, a replicate draws; at least 2
   */
  public static ImageDifference of(double difference, List<Double> a, List<Double> b, int units) {
    if (a.size() != b.size() || a.isEmpty()) {
      throw new IllegalArgumentException(a.size() + " replicates against " + b.size());
    }
    if (units < 2) {
      throw new IllegalArgumentException("a bootstrap of " + units + " units");
    }
    double[] differences = new double[a.size()];
    int below = 0;
    int above = 0;
    for (int i = 0; i < differences.length; i++) {
      differences[i] = a.get(i) - b.get(i);
      below += differences[i] <= 0 ? 1 : 0;
      above += differences[i] >= 0 ? 1 : 0;
    }
    double share = (1.0 + Math.min(below, above)) / (1.0 + differences.length);
    return new ImageDifference(difference, interval(differences, units), p(share, units));
  }

  /** The middle 95% of values, as wide as so few units ask for. */
  static Interval interval(double[] values, int units) {
    double low = NORMAL.cumulativeProbability(-StudentT.within(units - 1, LEVEL) * spread(units));
    Percentile percentile = new Percentile();
    percentile.setData(values);
    return new Interval(at(percentile, low), at(percentile, 1 - low));
  }

  /** The least value where the share is too small for the percentile of so many values. */
  private static double at(Percentile percentile, double share) {
    return percentile.evaluate(100 * Math.max(share, Double.MIN_NORMAL));
  }

  /** Returns the two-sided p at which the interval's bound would touch zero. */
  private static double p(double share, int units) {
    if (share >= 0.5) {
      return 1;
    }
    double t = NORMAL.inverseCumulativeProbability(share) / spread(units);
    return 2 * new TDistribution(units - 1).cumulativeProbability(t);
  }

  /** Ratio of the true spread to that of a bootstrap, which divides by n where n − 1 is due. */
  private static double spread(int units) {
    return Math.sqrt(units / (units - 1.0));
  }
}
