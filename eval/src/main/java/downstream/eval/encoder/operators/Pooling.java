package downstream.eval.encoder.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Arrays;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;

/** Pools over the spatial axes of [N, C, ...]. */
final class Pooling {
  private Pooling() {}

  /** MaxPool: the padding never wins. Its indices are not given; no operator here reads them. */
  static NDArray max(Operands in) {
    NDArray x = in.array(0);
    KernelWindow window = window(in);
    Shape kernel = new Shape(window.kernel);
    Shape strides = new Shape(window.strides);
    if (window.poolable()) {
      boolean ceil = in.node().integer("ceil_mode", 0) != 0;
      return JniUtils.maxPool(Torch.of(x), kernel, strides, new Shape(window.begin), ceil);
    }
    NDArray padded = pad(x, window, Double.NEGATIVE_INFINITY);
    Shape none = new Shape(new long[window.kernel.length]);
    return window.dilated()
        ? slide(padded, window, NDArray::maximum)
        : JniUtils.maxPool(Torch.of(padded), kernel, strides, none, false);
  }

  /**
   * AveragePool: divided by the window's size, with or without the padding. The engine counts the
   * padding whatever it is told.
   */
  static NDArray average(Operands in) {
    NDArray x = in.array(0);
    KernelWindow window = window(in);
    Shape kernel = new Shape(window.kernel);
    Shape strides = new Shape(window.strides);
    boolean withPadding = in.node().integer("count_include_pad", 0) != 0;
    if (window.poolable() && !overhangs(window, x.getShape())) {
      Shape padding = new Shape(window.begin);
      NDArray means = JniUtils.avgPool(Torch.of(x), kernel, strides, padding, false, true);
      boolean whole = withPadding || Arrays.stream(window.begin).allMatch(pad -> pad == 0);
      return whole ? means : means.mul(shares(x, window, false));
    }
    NDArray padded = pad(x, window, 0);
    Shape none = new Shape(new long[window.kernel.length]);
    NDArray sums =
        window.dilated()
            ? slide(padded, window, NDArray::add)
            : JniUtils.avgPool(Torch.of(padded), kernel, strides, none, false, true);
    return sums.mul(shares(x, window, withPadding));
  }

  /** GlobalAveragePool: [N, C, ...] → [N, C, 1, ...]. */
  static NDArray globalAverage(Operands in) {
    return Torch.reduce(in.array(0), spatialAxes(in), true, JniUtils::mean);
  }

  /** GlobalMaxPool: [N, C, ...] → [N, C, 1, ...]. */
  static NDArray globalMax(Operands in) {
    return Torch.reduce(in.array(0), spatialAxes(in), true, JniUtils::max);
  }

  private static KernelWindow window(Operands in) {
    return KernelWindow.of(in.node(), in.array(0).getShape(), in.node().integers("kernel_shape"));
  }

  private static int[] spatialAxes(Operands in) {
    return IntStream.range(2, in.array(0).getShape().dimension()).toArray();
  }

  private static NDArray pad(NDArray x, KernelWindow window, double value) {
    long[] end = KernelWindow.perAxis(window.fittingEnd(x.getShape()));
    return Torch.pad(x, KernelWindow.perAxis(window.begin), end, value);
  }

  /** Tells whether the last window reaches beyond the stated padding, as ceil_mode allows. */
  private static boolean overhangs(KernelWindow window, Shape input) {
    long[] fitting = window.fittingEnd(input);
    return IntStream.range(0, fitting.length).anyMatch(i -> fitting[i] > window.end[i]);
  }

  /** Combines the values under the window, one axis after the other. */
  private static NDArray slide(
      NDArray padded, KernelWindow window, BinaryOperator<NDArray> combine) {
    NDArray result = padded;
    for (int axis = 0; axis < window.kernel.length; axis++) {
      long reach = (window.places[axis] - 1) * window.strides[axis] + 1;
      NDArray source = result;
      for (int tap = 0; tap < window.kernel[axis]; tap++) {
        long start = tap * window.dilations[axis];
        NDArray slice = Torch.slice(source, axis + 2, start, start + reach, window.strides[axis]);
        result = tap == 0 ? slice : combine.apply(result, slice);
      }
    }
    return result;
  }

  /** Returns the factor of each place's sum (or mean over the whole window): [1, 1, places]. */
  private static NDArray shares(NDArray x, KernelWindow window, boolean withPadding) {
    double[] shares = {1};
    for (int axis = 0; axis < window.kernel.length; axis++) {
      double whole = window.dilated() ? 1 : window.kernel[axis];
      double[] wider = new double[Math.toIntExact(shares.length * window.places[axis])];
      int places = Math.toIntExact(window.places[axis]);
      for (int i = 0; i < wider.length; i++) {
        long count = count(window, axis, i % places, x.getShape().get(axis + 2), withPadding);
        wider[i] = shares[i / places] * whole / count;
      }
      shares = wider;
    }
    long[] shape = KernelWindow.perAxis(window.places);
    Arrays.fill(shape, 0, 2, 1);
    return Torch.numbers(x, shares, shape);
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
