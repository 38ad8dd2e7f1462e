package downstream.leaderboard.statistics;

/** A closed interval. */
public record Interval(double low, double high) {
  /** Tells whether the two intervals have a value in common. */
  public boolean overlaps(Interval other) {
    return low <= other.high && other.low <= high;
  }

  /** Tells whether the value is within the interval. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }
}
