package downstream.eval.encoder.operators;

import downstream.eval.torch.ScriptType;
import java.util.Optional;

/**
 * One output of an operator.
 *
 * @param code an expression
 * @param type of its elements, where it is not the one that the operator's {@link Arithmetic} gives
 */
record Result(String code, Optional<ScriptType> type) {
  static Result of(String code) {
    return new Result(code, Optional.empty());
  }

  static Result of(String code, ScriptType type) {
    return new Result(code, Optional.of(type));
  }
}
