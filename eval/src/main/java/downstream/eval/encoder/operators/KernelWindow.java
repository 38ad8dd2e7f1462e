package downstream.eval.encoder.operators;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/**
 * Position of a convolution's or pool's window on the spatial axes of [N, C, ...]: every field has
 * one number per spatial axis.
 */
final class KernelWindow {
  final long[] kernel;
  final long[] strides;
  final long[] dilations;

  /** Padding before the first value. */
  final long[] begin;

  /** Padding after the last value, as the node states it. */
  final long[] end;

  /** Number of places of the window. */
  final long[] places;

  private KernelWindow(Node node, long[] kernel) {
    long[] ones = new long[kernel.length];
    Arrays.fill(ones, 1);
    this.kernel = kernel;
    strides = node.integers("strides", ones);
    dilations = node.integers("dilations", ones);
    long[] pads = node.integers("pads", new long[2 * kernel.length]);
    begin = Arrays.copyOf(pads, kernel.length);
    end = Arrays.copyOfRange(pads, kernel.length, pads.length);
    places = new long[kernel.length];
  }

  /**
   * @param input [N, C, ...]
   */
  static KernelWindow of(Node node, Shape input, long[] kernel) {
    KernelWindow window = new KernelWindow(node, kernel);
    String automatic = node.text("auto_pad", "NOTSET");
    for (int i = 0; i < kernel.length; i++) {
      window.place(i, input.get(i + 2), automatic, node.integer("ceil_mode", 0) != 0);
    }
    return window;
  }

  /** Number of values from the first to the last one that the window covers at one place. */
  long extent(int axis) {
    return (kernel[axis] - 1) * dilations[axis] + 1;
  }

  private void place(int axis, long size, String automatic, boolean ceil) {
    if (automatic.startsWith("SAME")) {
      long total = padSame(axis, size);
      boolean upper = automatic.equals("SAME_UPPER");
      begin[axis] = upper ? total / 2 : total - total / 2;
      end[axis] = total - begin[axis];
    }
    long room = size + begin[axis] + end[axis] - extent(axis);
    places[axis] = Math.floorDiv(room + (ceil ? strides[axis] - 1 : 0), strides[axis]) + 1;
    boolean startsBehindTheEnd = (places[axis] - 1) * strides[axis] >= size + begin[axis];
    if (ceil && startsBehindTheEnd) {
      places[axis]--;
    }
  }

  private long padSame(int axis, long size) {
    long wanted = (size + strides[axis] - 1) / strides[axis];
    return Math.max(0, (wanted - 1) * strides[axis] + extent(axis) - size);
  }

  /** Padding behind the input with which the window just fits at its last place. */
  long[] fittingEnd(Shape input) {
    long[] fitting = new long[kernel.length];
    for (int i = 0; i < fitting.length; i++) {
      fitting[i] = (places[i] - 1) * strides[i] + extent(i) - input.get(i + 2) - begin[i];
    }
    return fitting;
  }

  /** Tells whether each axis has equal padding on both sides. */
  boolean even() {
    return Arrays.equals(begin, end);
  }

  /** Tells whether PyTorch's pools take the padding: even, and at most half the window. */
  boolean poolable() {
    boolean small = true;
    for (int i = 0; i < kernel.length; i++) {
      small &= begin[i] >= 0 && 2 * begin[i] <= kernel[i];
    }
    return small && even();
  }

  boolean dilated() {
    return Arrays.stream(dilations).anyMatch(dilation -> dilation != 1);
  }

  /** Numbers per spatial axis as numbers per axis of [N, C, ...]. */
  static long[] perAxis(long[] spatial) {
    long[] all = new long[spatial.length + 2];
    System.arraycopy(spatial, 0, all, 2, spatial.length);
    return all;
  }
}
