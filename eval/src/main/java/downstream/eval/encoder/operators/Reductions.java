package downstream.eval.encoder.operators;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Reductions along axes; all axes unless the node names some. */
final class Reductions {
  private final String x;
  private final int[] axes;
  private final boolean keep;

  private Reductions(Operands in) {
    x = in.code(0);
    int[] named = Arrays.stream(in.integers("axes", 1)).mapToInt(in::axis).sorted().toArray();
    boolean none = named.length == 0 && in.node().integer("noop_with_empty_axes", 0) != 0;
    axes = named.length == 0 && !none ? IntStream.range(0, in.rank(0)).toArray() : named;
    keep = in.node().integer("keepdims", 1) != 0;
  }

  /** An operator that takes a list of axes: sum, mean, amax, amin, logsumexp. */
  static String apply(Operands in, String operator) {
    Reductions all = new Reductions(in);
    return all.over(operator, all.x);
  }

  static String product(Operands in) {
    Reductions all = new Reductions(in);
    String result = all.x;
    for (int i = all.axes.length - 1; i >= 0; i--) {
      result = Code.call("prod", result, all.axes[i], all.keep);
    }
    return result;
  }

  static String norm(Operands in, int order) {
    Reductions all = new Reductions(in);
    return all.axes.length == 0
        ? Code.call("abs", all.x)
        : Code.call("norm", all.x, order, all.axes, all.keep);
  }

  static String sumSquare(Operands in) {
    Reductions all = new Reductions(in);
    return all.over("sum", Code.call("square", all.x));
  }

  static String logSum(Operands in) {
    return Code.call("log", apply(in, "sum"));
  }

  private String over(String operator, String values) {
    return axes.length == 0 ? values : Code.call(operator, values, axes, keep);
  }
}
