package downstream.leaderboard.gate;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Outcome of comparing runs with one baseline.
 *
 * @param expected the baseline's mean
 * @param measured mean of the runs; empty if nothing could be measured
 * @param allowed the largest difference that counts as none; empty if it could not be computed
 * @param runs how many runs were looked at
 * @param note why nothing was measured, or what else to know; may be empty
 */
public record Verdict(
    Baseline baseline,
    Kind kind,
    double expected,
    Optional<Double> measured,
    Optional<Double> allowed,
    int runs,
    String note) {
  /**
   * Outcome of one comparison; of several, a gate takes the exit code of the first in this order.
   */
  public enum Kind {
    WORSE(1),
    NOT_MEASURED(3),
    BETTER(4),
    PASSED(0);

    private final int exitCode;

    Kind(int exitCode) {
      this.exitCode = exitCode;
    }

    /** {@code could not measure}, human-readable. */
    public String text() {
      return this == NOT_MEASURED ? "could not measure" : name().toLowerCase(Locale.ROOT);
    }
  }

  static Verdict notMeasured(Baseline baseline, String why) {
    return new Verdict(
        baseline, Kind.NOT_MEASURED, baseline.mean(), Optional.empty(), Optional.empty(), 0, why);
  }

  /** {@code AP is worse: expected 0.4, measured 0.3 over 3 runs, allowed ±0.05}. */
  public String sentence() {
    return String.format(
        Locale.ROOT,
        "%s is %s: expected %s, measured %s over %d runs, allowed ±%s%s",
        baseline.metric(),
        kind.text(),
        expected,
        shown(measured),
        runs,
        shown(allowed),
        note.isEmpty() ? "" : "; " + note);
  }

  private static String shown(Optional<Double> value) {
    return value.map(String::valueOf).orElse("nothing");
  }

  /** Measured minus expected. */
  public Optional<Double> difference() {
    return measured.map(m -> m - expected);
  }

  /**
   * The exit code of a gate: 1 if anything is worse, else 3 if anything could not be measured or
   * there was nothing to compare, else 4 if anything is better than its baseline says, else 0.
   */
  public static int exitCode(List<Verdict> verdicts) {
    return verdicts.stream()
        .map(Verdict::kind)
        .min(Kind::compareTo)
        .orElse(Kind.NOT_MEASURED)
        .exitCode;
  }
}
