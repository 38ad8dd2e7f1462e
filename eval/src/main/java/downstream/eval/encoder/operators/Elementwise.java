package downstream.eval.encoder.operators;

import ai.onnx.proto.OnnxMl.TensorProto;
import downstream.eval.BadInput;
import downstream.eval.torch.ScriptType;
import java.util.ArrayList;
import java.util.List;

/** Arithmetic element by element; shapes broadcast. */
final class Elementwise {
  private Elementwise() {}

  /** An operator of two inputs; a constant number is written as a literal. */
  static String binary(Operands in, String operator) {
    return Code.call(operator, in.code(0), in.codeOrNumber(1));
  }

  /** An operator of two inputs whose order does not matter. */
  static String commutative(Operands in, String operator) {
    return in.isConstant(0) && !in.isConstant(1)
        ? Code.call(operator, in.code(1), in.codeOrNumber(0))
        : binary(in, operator);
  }

  /** Combines any number of inputs from left to right. */
  static String fold(Operands in, String operator) {
    String result = in.code(0);
    for (int slot = 1; slot < in.count(); slot++) {
      result = Code.call(operator, result, in.code(slot));
    }
    return result;
  }

  static String mean(Operands in) {
    return Code.call("div", fold(in, "add"), (double) in.count());
  }

  static String power(Operands in) {
    boolean single = in.isConstant(1) && in.shape(1).size() == 1 && in.rank(1) <= in.rank(0);
    double exponent = single ? in.number(1, 1) : Double.NaN;
    if (exponent == 2) {
      return Code.call("square", in.code(0));
    }
    if (exponent == 0.5) {
      return Code.call("sqrt", in.code(0));
    }
    ScriptType type = in.value(1).type();
    String power = type.isFloating() ? in.code(1) : Code.to(in.code(1), in.value(0).type());
    return Code.call("pow", in.code(0), single ? Code.number(exponent) : power);
  }

  /** Clip: bounds from attributes (up to opset 10) or inputs; either may be missing. */
  static String clip(Operands in) {
    boolean constant = (!in.has(1) || in.isConstant(1)) && (!in.has(2) || in.isConstant(2));
    if (constant) {
      double low = in.number(1, in.node().number("min", Float.NEGATIVE_INFINITY));
      double high = in.number(2, in.node().number("max", Float.POSITIVE_INFINITY));
      boolean open = Double.isInfinite(low) && Double.isInfinite(high);
      return open ? in.code(0) : Code.call("clamp", in.code(0), bound(low), bound(high));
    }
    String raised = in.has(1) ? Code.call("maximum", in.code(0), in.code(1)) : in.code(0);
    return in.has(2) ? Code.call("minimum", raised, in.code(2)) : raised;
  }

  private static String bound(double value) {
    return Double.isInfinite(value) ? Code.NONE : Code.number(value);
  }

  /** Cast: between float types the values keep the precision that the graph is run in. */
  static List<Result> cast(Operands in) {
    long type = in.node().integer("to", TensorProto.DataType.FLOAT_VALUE);
    return switch (Math.toIntExact(type)) {
      case TensorProto.DataType.FLOAT_VALUE,
          TensorProto.DataType.DOUBLE_VALUE,
          TensorProto.DataType.FLOAT16_VALUE,
          TensorProto.DataType.BFLOAT16_VALUE ->
          in.value(0).type().isFloating()
              ? List.of(Result.of(in.code(0)))
              : cast(in, ScriptType.of(in.precision().arrays()));
      case TensorProto.DataType.INT64_VALUE -> cast(in, ScriptType.INT64);
      case TensorProto.DataType.INT32_VALUE -> cast(in, ScriptType.INT32);
      case TensorProto.DataType.BOOL_VALUE -> cast(in, ScriptType.BOOL);
      default ->
          throw new BadInput(
              in.node().toString(),
              "casts to " + TensorProto.DataType.forNumber(Math.toIntExact(type)),
              "Export the encoder in float32");
    };
  }

  private static List<Result> cast(Operands in, ScriptType type) {
    return List.of(Result.of(Code.to(in.code(0), type), type));
  }

  /** CastLike: to the type of the second input. */
  static List<Result> castLike(Operands in) {
    ScriptType type = in.value(1).type();
    return type.isFloating() && in.value(0).type().isFloating()
        ? List.of(Result.of(in.code(0)))
        : cast(in, type);
  }

  /** Selects values by a condition, which is a constant or computed by a comparison. */
  static List<Result> where(Operands in) {
    ScriptType condition = in.value(0).type();
    String flags = condition == ScriptType.BOOL ? in.code(0) : Code.to(in.code(0), ScriptType.BOOL);
    ScriptType type = Arithmetic.promoted(List.of(in.value(1), in.value(2)));
    return List.of(Result.of(Code.call("where", flags, in.code(1), in.code(2)), type));
  }

  /**
   * Dropout: only where the file has it in training form (opset 12 on: the input {@code
   * training_mode}; before: a mask among the outputs) and weights are trained.
   */
  static List<Result> dropout(Operands in) {
    boolean trainingForm =
        in.node().opset() >= 12
            ? in.integers(2, 0)[0] != 0
            : in.node().outputs().size() > 1 && !in.node().outputs().get(1).isEmpty();
    double ratio = in.number(1, in.node().number("ratio", 0.5f));
    String ones = Code.call("ones_like", in.code(0));
    List<Result> outputs = new ArrayList<>();
    if (!trainingForm || in.phase() == Operands.Phase.INFERENCE || ratio == 0) {
      outputs.add(Result.of(in.code(0)));
      if (in.wants(1)) {
        outputs.add(Result.of(Code.to(ones, ScriptType.BOOL), ScriptType.BOOL));
      }
      return outputs;
    }
    String mask = in.writer().assign(Code.call("dropout", ones, ratio, true));
    outputs.add(Result.of(Code.call("mul", in.code(0), mask)));
    if (in.wants(1)) {
      outputs.add(Result.of(Code.to(mask, ScriptType.BOOL), ScriptType.BOOL));
    }
    return outputs;
  }
}
