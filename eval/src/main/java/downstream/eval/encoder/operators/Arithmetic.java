package downstream.eval.encoder.operators;

import downstream.eval.torch.Precision;
import downstream.eval.torch.ScriptType;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The types that an operator takes and gives where products are computed in bfloat16. */
public enum Arithmetic {
  /**
   * A product or convolution: operands are converted to the type of products, and the result back,
   * so that all other kernels run in float32.
   */
  PRODUCT,
  /** Operands and result are as precise as weights are. */
  FULL,
  /** The result has the type of the first input. */
  SAME,
  /** The result has the widest type of the inputs. */
  PROMOTED,
  /** A comparison: the result is boolean. */
  FLAGS;

  /** The type that an operand of this type is converted to. */
  ScriptType operand(ScriptType type, Precision precision) {
    if (!type.isFloating()) {
      return type;
    }
    return switch (this) {
      case PRODUCT -> precision.products();
      case FULL -> ScriptType.of(precision.arrays());
      default -> type;
    };
  }

  /** The type of a result, once operands are converted. */
  ScriptType result(List<@Nullable Value> values, Precision precision) {
    return switch (this) {
      case PRODUCT, FULL -> FULL.operand(Objects.requireNonNull(values.get(0)).type(), precision);
      case SAME -> Objects.requireNonNull(values.get(0)).type();
      case PROMOTED -> promoted(values);
      case FLAGS -> ScriptType.BOOL;
    };
  }

  /** PyTorch's rule: scalars widen a result only to another kind of number. */
  static ScriptType promoted(List<@Nullable Value> values) {
    ScriptType wide = ScriptType.BOOL;
    boolean anyArray = false;
    for (Value value : values) {
      if (value != null && !isScalar(value, values)) {
        wide = ScriptType.wider(wide, value.type());
        anyArray = true;
      }
    }
    for (Value value : values) {
      boolean widens =
          value != null
              && isScalar(value, values)
              && (!anyArray || (value.type().isFloating() && !wide.isFloating()));
      wide = widens ? ScriptType.wider(wide, value.type()) : wide;
    }
    return wide;
  }

  /**
   * Tells whether a value has no axis, or is a constant of one element that gives the result none.
   */
  static boolean isScalar(Value value, List<@Nullable Value> values) {
    int rank = value.shape().dimension();
    return rank == 0
        || (value.constant() != null
            && value.shape().size() == 1
            && values.stream()
                .anyMatch(
                    other ->
                        other != null
                            && other.constant() == null
                            && other.shape().dimension() >= rank));
  }
}
