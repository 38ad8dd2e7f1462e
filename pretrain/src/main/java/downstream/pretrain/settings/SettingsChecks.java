package downstream.pretrain.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks of settings, with messages that name the setting. */
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

  /** Checks that the encoder embeds patches, which a method masks. */
  public static void transformer(EncoderSettings encoder) {
    that(
        encoder.isTransformer(),
        "encoder.network must be a vit or a swin: this method masks patches, which "
            + encoder.network()
            + " does not have");
  }

  /** Checks that the encoder is a ViT that may see some of an image's patches only. */
  public static void vit(EncoderSettings encoder) {
    that(
        encoder.isVit(),
        "encoder.network must be a vit: this method needs tokens, which "
            + encoder.network()
            + " does not have");
    anyGrid(encoder);
  }

  /** Checks that the encoder takes images of other sizes, and parts of a grid of patches. */
  public static void anyGrid(EncoderSettings encoder) {
    String shown = ": this method shows the encoder views of other sizes, or parts of an image";
    that(
        !encoder.blocks().relativePositions(),
        "encoder.blocks.relativePositions must be false" + shown);
    that(
        encoder.isVit() || !encoder.isTransformer(),
        "encoder.network must be a vit or a resnet, not " + encoder.network() + shown);
  }

  /** Checks the share of branches that are left out in training. */
  public static void dropPath(double rate, EncoderSettings encoder) {
    that(rate >= 0 && rate < 1, "dropPath must be in [0, 1), not " + rate);
    that(
        rate == 0 || encoder.isVit(),
        "dropPath must be 0 for " + encoder.network() + ": it is a setting of a vit");
  }

  public static void maskUnit(int unit, EncoderSettings encoder) {
    that(
        unit > 0 && encoder.imageSize() % unit == 0,
        "a mask unit must divide encoder.imageSize " + encoder.imageSize() + ", not be " + unit);
  }

  /** Checks a fraction of the budget, and files that take the place of a stage. */
  public static void stages(
      double stage1BudgetFraction, Optional<String> stage1, Optional<String> pairs) {
    that(
        stage1BudgetFraction > 0 && stage1BudgetFraction < 1,
        "stage1BudgetFraction must be in (0, 1), not " + stage1BudgetFraction);
    Stream.of(stage1, pairs)
        .flatMap(Optional::stream)
        .forEach(file -> that(Files.isRegularFile(Path.of(file)), "'" + file + "' is not a file"));
  }

  /** Checks that two weights of a sum are not negative, and not both 0. */
  public static void weights(String name1, double weight1, String name2, double weight2) {
    that(weight1 >= 0, name1 + " must not be negative: " + weight1);
    that(weight2 >= 0, name2 + " must not be negative: " + weight2);
    that(
        weight1 + weight2 > 0,
        name1 + " and " + name2 + " must not both be 0: nothing would be trained");
  }

  public static void batchNorm(TrainingSettings training) {
    that(
        training.batch() > 1,
        "training.batch must be at least 2 for batch norm, not " + training.batch());
  }

  /** Checks the τ of a moving average. */
  public static void momentum(String name, double value) {
    that(value >= 0 && value < 1, name + " must be in [0, 1), not " + value);
  }

  public static void fraction(String name, double value) {
    that(value > 0 && value <= 1, name + " must be in (0, 1], not " + value);
  }
}
