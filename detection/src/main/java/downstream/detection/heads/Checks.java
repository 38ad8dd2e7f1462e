package downstream.detection.heads;

import org.jspecify.annotations.Nullable;

/** Refusals of protocol fields, all in the same words. */
final class Checks {
  private Checks() {}

  static <T> T or(@Nullable T value, T fallback) {
    return value == null ? fallback : value;
  }

  static void atLeast(int value, int least, String field) {
    check(value >= least, field, value, "≥ " + least);
  }

  static void positive(double value, String field) {
    check(value > 0 && value < Double.POSITIVE_INFINITY, field, value, "> 0");
  }

  static void notNegative(double value, String field) {
    check(value >= 0 && value < Double.POSITIVE_INFINITY, field, value, "≥ 0");
  }

  static void share(double value, String field) {
    check(value >= 0 && value <= 1, field, value, "in [0, 1]");
  }

  static void check(boolean ok, String field, Object value, String expected) {
    if (!ok) {
      throw new IllegalArgumentException(
          field + " must be " + expected + ", found '" + value + "'");
    }
  }
}
