package downstream.eval.classification;

import org.jspecify.annotations.Nullable;

/** Defaults and checks of protocol fields. */
final class Settings {
  private Settings() {}

  static <T> T or(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }

  static void check(boolean holds, String field, Object found, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(field + " must be " + expected + ", not '" + found + "'");
    }
  }
}
