package downstream.eval.encoder.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.jspecify.annotations.Nullable;

/** Convolutions over one to three spatial axes. */
final class Convolutions {
  private Convolutions() {}

  /**
   * Conv: x [N, C, ...], weight [M, C/groups, ...], bias [M]. The engine pads evenly only; what is
   * uneven is padded by hand.
   */
  static NDArray convolution(Operands in) {
    NDArray x = in.array(0);
    NDArray weight = in.array(1);
    KernelWindow window = KernelWindow.of(in.node(), x.getShape(), spatial(weight));
    long[] padding = window.begin;
    if (!window.even()) {
      x = Torch.pad(x, KernelWindow.perAxis(window.begin), KernelWindow.perAxis(window.end), 0);
      padding = new long[padding.length];
    }
    return convolve(
        x,
        weight,
        in.arrayOrNull(2),
        window.strides,
        padding,
        window.dilations,
        in.node().integer("group", 1));
  }

  static NDArray convolve(
      NDArray x,
      NDArray weight,
      @Nullable NDArray bias,
      long[] strides,
      long[] padding,
      long[] dilations,
      long groups) {
    return x.getNDArrayInternal()
        .convolution(
            x,
            weight,
            bias,
            new Shape(strides),
            new Shape(padding),
            new Shape(dilations),
            Math.toIntExact(groups))
        .singletonOrThrow();
  }

  /** The kernel's size, from a weight with two leading axes. */
  static long[] spatial(NDArray weight) {
    return weight.getShape().slice(2).getShape();
  }
}
