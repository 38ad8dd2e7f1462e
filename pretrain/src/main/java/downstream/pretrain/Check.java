package downstream.pretrain;

/** What settings records say of values they refuse. */
final class Check {
  private Check() {}

  static void that(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }

  static void positive(String name, double value) {
    that(value > 0, name + " must be positive, not " + value);
  }

  static void share(String name, double value) {
    that(value > 0 && value <= 1, name + " must be in (0, 1], not " + value);
  }
}
