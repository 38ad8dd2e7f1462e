package downstream.pretrain.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** What settings records say of values they refuse. */
public final class SettingsChecks {
  private SettingsChecks() {}

  public static void that(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }

  public static void positive(String name, double value) {
    that(value > 0, name + " must be positive, not " + value);
  }

  public static void transformer(EncoderSettings encoder) {
    that(
        encoder.isTransformer(),
        "encoder.network must be a vit: this method works on tokens, which "
            + encoder.network()
            + " has not");
  }

  public static void maskUnit(int unit, EncoderSettings encoder) {
    that(
        unit > 0 && encoder.imageSize() % unit == 0,
        "a mask unit must divide encoder.imageSize " + encoder.imageSize() + ", not be " + unit);
  }

  /** Of methods that mine: a fraction of the budget, and files that stand for a stage. */
  public static void stages(
      double stage1BudgetFraction, Optional<String> stage1, Optional<String> pairs) {
    that(
        stage1BudgetFraction > 0 && stage1BudgetFraction < 1,
        "stage1BudgetFraction must be in (0, 1), not " + stage1BudgetFraction);
    Stream.of(stage1, pairs)
        .flatMap(Optional::stream)
        .forEach(file -> that(Files.isRegularFile(Path.of(file)), "'" + file + "' is no file"));
  }

  /** Two weights of a sum. */
  public static void weights(String name1, double weight1, String name2, double weight2) {
    that(weight1 >= 0, name1 + " must not be negative: " + weight1);
    that(weight2 >= 0, name2 + " must not be negative: " + weight2);
    that(weight1 + weight2 > 0, name1 + " and " + name2 + " are both 0: nothing is learnt");
  }

  public static void batchNorm(TrainingSettings training) {
    that(
        training.batch() > 1,
        "training.batch must be at least 2 for batch norm, not " + training.batch());
  }

  public static void fraction(String name, double value) {
    that(value > 0 && value <= 1, name + " must be in (0, 1], not " + value);
  }
}
