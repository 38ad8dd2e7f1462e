package downstream.eval.encoder.operators;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Pools over the spatial axes of [N, C, ...]. */
final class Pooling {
  private Pooling() {}

  /** MaxPool: the padding never wins. Its indices are not given; no operator here reads them. */
  static String max(Operands in) {
    KernelWindow window = window(in);
    if (window.poolable()) {
      boolean ceil = in.node().integer("ceil_mode", 0) != 0;
      return pool(in, "max_pool", in.code(0), window, window.begin, window.dilations, ceil);
    }
    String padded = pad(in, window, Double.NEGATIVE_INFINITY);
    long[] none = new long[window.kernel.length];
    return pool(in, "max_pool", padded, window, none, window.dilations, false);
  }

  /** AveragePool: divided by the window's size, with or without the padding. */
  static String average(Operands in) {
    KernelWindow window = window(in);
    boolean withPadding = in.node().integer("count_include_pad", 0) != 0;
    if (window.poolable() && !window.dilated() && !overhangs(window, in.shape(0))) {
      return pool(in, "avg_pool", in.code(0), window, window.begin, false, withPadding);
    }
    String padded = pad(in, window, 0);
    long[] none = new long[window.kernel.length];
    String sums =
        window.dilated()
            ? slide(padded, window)
            : pool(in, "avg_pool", padded, window, none, false, true);
    return Code.call("mul", sums, shares(in, window, withPadding));
  }

  private static String pool(
      Operands in, String operator, String x, KernelWindow window, Object... further) {
    List<Object> arguments = new ArrayList<>(List.of(x, window.kernel, window.strides));
    arguments.addAll(List.of(further));
    return Code.call(operator + (in.rank(0) - 2) + "d", arguments.toArray());
  }

  /** GlobalAveragePool or GlobalMaxPool: [N, C, ...] → [N, C, 1, ...]. */
  static String global(Operands in, String operator) {
    return Code.call(operator, in.code(0), IntStream.range(2, in.rank(0)).toArray(), true);
  }

  private static KernelWindow window(Operands in) {
    return KernelWindow.of(in.node(), in.shape(0), in.node().integers("kernel_shape"));
  }

  private static String pad(Operands in, KernelWindow window, double value) {
    long[] end = KernelWindow.perAxis(window.fittingEnd(in.shape(0)));
    return Code.pad(in.code(0), KernelWindow.perAxis(window.begin), end, value);
  }

  /** Tells whether the last window reaches beyond the stated padding, as ceil_mode allows. */
  private static boolean overhangs(KernelWindow window, Shape input) {
    long[] fitting = window.fittingEnd(input);
    return IntStream.range(0, fitting.length).anyMatch(i -> fitting[i] > window.end[i]);
  }

  /** Adds the values under the window, one axis after the other. */
  private static String slide(String padded, KernelWindow window) {
    String result = padded;
    for (int axis = 0; axis < window.kernel.length; axis++) {
      long reach = (window.places[axis] - 1) * window.strides[axis] + 1;
      String source = result;
      for (int tap = 0; tap < window.kernel[axis]; tap++) {
        long start = tap * window.dilations[axis];
        String slice =
            Code.call("slice", source, axis + 2, start, start + reach, window.strides[axis]);
        result = tap == 0 ? slice : Code.call("add", result, slice);
      }
    }
    return result;
  }

  /** Returns the factor of each place's sum (or mean over the whole window): [1, 1, places]. */
  private static String shares(Operands in, KernelWindow window, boolean withPadding) {
    double[] shares = {1};
    for (int axis = 0; axis < window.kernel.length; axis++) {
      double whole = window.dilated() ? 1 : window.kernel[axis];
      double[] wider = new double[Math.toIntExact(shares.length * window.places[axis])];
      int places = Math.toIntExact(window.places[axis]);
      for (int i = 0; i < wider.length; i++) {
        long count = count(window, axis, i % places, in.shape(0).get(axis + 2), withPadding);
        wider[i] = shares[i / places] * whole / count;
      }
      shares = wider;
    }
    long[] shape = KernelWindow.perAxis(window.places);
    Arrays.fill(shape, 0, 2, 1);
    return in.numbers(shares, shape);
  }

  /** Counts the values (with the stated padding, if so wished) under the window at a place. */
  private static long count(
      KernelWindow window, int axis, long place, long size, boolean withPadding) {
    long start = place * window.strides[axis] - window.begin[axis];
    long from = withPadding ? -window.begin[axis] : 0;
    long to = withPadding ? size + window.end[axis] : size;
    long count = 0;
    for (int tap = 0; tap < window.kernel[axis]; tap++) {
      long position = start + tap * window.dilations[axis];
      count += position >= from && position < to ? 1 : 0;
    }
    return count;
  }
}
