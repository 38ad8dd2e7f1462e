package downstream.leaderboard.statistics;

import org.apache.commons.math3.distribution.TDistribution;

/** Student's t distribution. */
public final class StudentT {
  private StudentT() {}

  /**
   * Returns the bound within which a value is of 0 with this probability.
   *
   * @param freedom degrees of freedom, positive
   * @param level in (0, 1)
   */
  public static double within(double freedom, double level) {
    return new TDistribution(freedom).inverseCumulativeProbability((1 + level) / 2);
  }
}
