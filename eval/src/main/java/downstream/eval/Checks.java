package downstream.eval;

import org.jspecify.annotations.Nullable;

/**
 * Checks of settings. All but {@link #require} share one message: the field, what it must be, and
 * the value that was found. Each throws IllegalArgumentException, which {@link Json#as} reports as
 * {@link BadInput}.
 */
public final class Checks {
  private Checks() {}

  /** The value, or {@code fallback} where it is absent. */
  public static <T> T or(@Nullable T value, T fallback) {
    return value == null ? fallback : value;
  }

  /** A record of settings with every default. */
  public static <T extends Record> T defaults(Class<T> type) {
    return Json.as(type.getSimpleName(), Json.MAPPER.createObjectNode(), type);
  }

  /** Refuses a whole number below {@code least}. */
  public static void atLeast(long value, long least, String field) {
    check(value >= least, field, value, "≥ " + least);
  }

  /** Refuses numbers that are 0, negative or not finite. */
  public static void positive(double value, String field) {
    check(value > 0 && value < Double.POSITIVE_INFINITY, field, value, "> 0");
  }

  /** Refuses numbers that are negative or not finite. */
  public static void notNegative(double value, String field) {
    check(value >= 0 && value < Double.POSITIVE_INFINITY, field, value, "≥ 0");
  }

  /** Refuses numbers outside of [0, 1]. */
  public static void fraction(double value, String field) {
    check(value >= 0 && value <= 1, field, value, "in [0, 1]");
  }

  /** Refuses numbers outside of (0, 1]. */
  public static void positiveFraction(double value, String field) {
    check(value > 0 && value <= 1, field, value, "in (0, 1]");
  }

  /** Refuses numbers outside of [0, 1). */
  public static void belowOne(double value, String field) {
    check(value >= 0 && value < 1, field, value, "in [0, 1)");
  }

  /** Refuses values that are related wrongly, with a message of the caller's. */
  public static void require(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException(problem);
    }
  }

  /**
   * Refuses a value.
   *
   * @param holds whether it can be used
   * @param field its key, with the groups that it is in: {@code optimiser.momentum}
   * @param found the value
   * @param expected what it must be, to be read after "must be"
   */
  public static void check(boolean holds, String field, Object found, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          field + " must be " + expected + ", found '" + found + "'");
    }
  }
}
