package downstream.eval.encoder.operators;

import downstream.eval.torch.ScriptType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Types that an operator computes in. */
public enum Arithmetic {
  /** A product or convolution: computed in the precision of products, its result in full. */
  PRODUCT,
  /** The result has the type of the first input. */
  SAME,
  /** The result has the widest type of the inputs. */
  PROMOTED,
  /** A comparison: the result is boolean. */
  FLAGS;

  /** The type of a result. */
  ScriptType result(List<@Nullable Value> values) {
    return switch (this) {
      case PRODUCT, SAME -> Objects.requireNonNull(values.get(0)).type();
      case PROMOTED -> promoted(values);
      case FLAGS -> ScriptType.BOOL;
    };
  }

  /** PyTorch's rule: values without an axis widen a result only to another kind of number. */
  static ScriptType promoted(List<@Nullable Value> values) {
    ScriptType all = widest(values, 0).orElseThrow();
    ScriptType arrays = widest(values, 1).orElse(all);
    return all.isFloating() && !arrays.isFloating() ? all : arrays;
  }

  private static Optional<ScriptType> widest(List<@Nullable Value> values, int leastRank) {
    Optional<ScriptType> widest = Optional.empty();
    for (Value value : values) {
      if (value != null && value.shape().dimension() >= leastRank) {
        widest = Optional.of(ScriptType.wider(widest.orElse(value.type()), value.type()));
      }
    }
    return widest;
  }
}
