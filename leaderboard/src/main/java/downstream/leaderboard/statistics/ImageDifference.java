package downstream.leaderboard.statistics;

import java.util.List;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * The difference of two scores on the same images, a minus b, bootstrapped over the images: how
 * much it would move on other images of the same kind, the trained models staying as they are.
 *
 * @param interval 95%, percentiles of the replicates' differences
 * @param p two-sided: twice the smaller share of replicates on one side of zero
 */
public record ImageDifference(double difference, Interval interval, double p) {
  /**
   * @param a one value a replicate
   * @param b the same replicates of the other
   */
  public static ImageDifference of(double difference, List<Double> a, List<Double> b) {
    if (a.size() != b.size() || a.isEmpty()) {
      throw new IllegalArgumentException(a.size() + " replicates against " + b.size());
    }
    double[] differences = new double[a.size()];
    int below = 0;
    int above = 0;
    for (int i = 0; i < differences.length; i++) {
      differences[i] = a.get(i) - b.get(i);
      below += differences[i] <= 0 ? 1 : 0;
      above += differences[i] >= 0 ? 1 : 0;
    }
    double p = Math.min(1, 2 * (1.0 + Math.min(below, above)) / (1.0 + differences.length));
    return new ImageDifference(difference, interval(differences), p);
  }

  /** The middle 95% of values. */
  static Interval interval(double[] values) {
    Percentile percentile = new Percentile();
    percentile.setData(values);
    return new Interval(percentile.evaluate(2.5), percentile.evaluate(97.5));
  }
}
