package downstream.pretrain.settings;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;

/**
 * The length of a training, so that methods can be compared at equal cost: passes over the images,
 * images seen, floating-point operations, or minutes on this machine. Written {@code epochs=200},
 * {@code flops=3e15}.
 *
 * @param amount more than 0
 */
public record Budget(Unit unit, double amount) {
  public enum Unit {
    EPOCHS,
    IMAGES,
    FLOPS,
    MINUTES
  }

  public Budget {
    SettingsChecks.positive("budget", amount);
  }

  public static Budget epochs(double epochs) {
    return new Budget(Unit.EPOCHS, epochs);
  }

  /**
   * @throws IllegalArgumentException if it is not {@code unit=amount}
   */
  @JsonCreator
  public static Budget parse(String text) {
    int equals = text.indexOf('=');
    String unit = equals < 0 ? text : text.substring(0, equals).strip();
    Unit known =
        Arrays.stream(Unit.values())
            .filter(u -> name(u).equals(unit))
            .findFirst()
            .orElseThrow(() -> refused(text));
    try {
      return new Budget(known, Double.parseDouble(text.substring(equals + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(refused(text).getMessage(), e);
    }
  }

  private static IllegalArgumentException refused(String text) {
    return new IllegalArgumentException(
        "budget is epochs=…, images=…, flops=… or minutes=…, not '" + text + "'");
  }

  @JsonValue
  @Override
  public String toString() {
    return name(unit) + "=" + BigDecimal.valueOf(amount).stripTrailingZeros().toPlainString();
  }

  private static String name(Unit unit) {
    return unit.name().toLowerCase(Locale.ROOT);
  }

  /** A fraction of it, for one of several stages. */
  public Budget fraction(double share) {
    return new Budget(unit, amount * share);
  }

  /** The rest after so much of the same unit; at least a thousandth of it. */
  public Budget minus(double spent) {
    return new Budget(unit, Math.max(amount / 1000, amount - spent));
  }
}
