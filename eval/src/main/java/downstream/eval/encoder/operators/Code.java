package downstream.eval.encoder.operators;

import downstream.eval.torch.ScriptType;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Expressions of TorchScript. */
final class Code {
  static final String NONE = "None";

  private Code() {}

  /** {@code torch.operator(a, b, ...)}; numbers and lists of integers are written as literals. */
  static String call(String operator, Object... arguments) {
    return Arrays.stream(arguments)
        .map(Code::literal)
        .collect(Collectors.joining(", ", "torch." + operator + "(", ")"));
  }

  private static String literal(Object argument) {
    if (argument instanceof long[] integers) {
      return list(LongStream.of(integers).mapToObj(Long::toString).toList());
    }
    if (argument instanceof int[] integers) {
      return list(IntStream.of(integers).mapToObj(Integer::toString).toList());
    }
    if (argument instanceof Boolean flag) {
      return flag ? "True" : "False";
    }
    if (argument instanceof Float number) {
      return number(number);
    }
    return argument instanceof Double number ? number(number) : argument.toString();
  }

  /** A list of expressions. */
  static String list(Collection<String> expressions) {
    return "[" + String.join(", ", expressions) + "]";
  }

  /** A text literal as a named argument. */
  static String named(String name, String text) {
    return name + "=\"" + text + "\"";
  }

  /** A number literal. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "float(\"nan\")";
    }
    if (Double.isInfinite(value)) {
      return value < 0 ? "float(\"-inf\")" : "float(\"inf\")";
    }
    return Double.toString(value).replace('E', 'e');
  }

  /** An expression converted to another type. */
  static String to(String code, ScriptType type) {
    return type.convert(code);
  }

  /**
   * An expression padded with one value.
   *
   * @param begin per axis; a negative number cuts off
   * @param end likewise
   */
  static String pad(String code, long[] begin, long[] end, double value) {
    int rank = begin.length;
    long[] pads = new long[2 * rank];
    for (int i = 0; i < rank; i++) {
      pads[2 * i] = begin[rank - 1 - i];
      pads[2 * i + 1] = end[rank - 1 - i];
    }
    return call("constant_pad_nd", code, pads, value);
  }
}
