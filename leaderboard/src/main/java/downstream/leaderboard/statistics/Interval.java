package downstream.leaderboard.statistics;

/** A closed interval. */
public record Interval(double low, double high) {
  /** Whether the two have a value in common. */
  public boolean overlaps(Interval other) {
    return low <= other.high && other.low <= high;
  }

  /** Whether the value lies in it. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }
}
