package downstream.eval.encoder.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Functions of libtorch that the operators need and {@link NDArray} does not offer. Everything is
 * recorded by autograd. New arrays have the data type, device and manager of the array that they
 * are made like, and memory of their own: they may be closed before the backward pass
 * (docs/adr/0004).
 */
final class Torch {
  private Torch() {}

  static PtNDArray of(NDArray x) {
    return (PtNDArray) x;
  }

  /** The same values under a handle of its own, without a copy. */
  static NDArray alias(NDArray x) {
    return x.reshape(x.getShape());
  }

  static NDArray full(NDArray like, Shape shape, double value) {
    return JniUtils.full(
        of(like).getManager(),
        shape,
        value,
        like.getDataType(),
        like.getDevice(),
        SparseFormat.DENSE);
  }

  /** A scalar. */
  static NDArray number(NDArray like, double value) {
    return full(like, new Shape(), value);
  }

  static NDArray numbers(NDArray like, double[] values, long... shape) {
    return like.getManager()
        .create(values, new Shape(shape))
        .toDevice(like.getDevice(), false)
        .toType(like.getDataType(), false)
        .duplicate();
  }

  /** Integers of type int64. */
  static NDArray integers(NDArray like, long[] values, long... shape) {
    return like.getManager()
        .create(values, new Shape(shape))
        .toDevice(like.getDevice(), false)
        .duplicate();
  }

  static NDArray booleans(NDArray like, boolean[] values, long... shape) {
    return like.getManager()
        .create(values, new Shape(shape))
        .toDevice(like.getDevice(), false)
        .duplicate();
  }

  /** {@code a} where the condition holds, otherwise {@code b}; all three broadcast. */
  static NDArray where(NDArray condition, NDArray a, NDArray b) {
    return JniUtils.where(of(condition.toType(DataType.BOOLEAN, false)), of(a), of(b));
  }

  /** Slice from {@code start}, included, to {@code end}, excluded; the step is positive. */
  static NDArray slice(NDArray x, int axis, long start, long end, long step) {
    return JniUtils.slice(of(x), axis, start, end, step);
  }

  /** Returns the diagonal of two axes of one length; that axis comes last. */
  static NDArray diagonal(NDArray x, int first, int second) {
    int rank = x.getShape().dimension();
    long length = x.getShape().get(first);
    int[] others =
        IntStream.range(0, rank).filter(axis -> axis != first && axis != second).toArray();
    int[] order = IntStream.concat(IntStream.of(others), IntStream.of(first, second)).toArray();
    long[] shape = Arrays.stream(others).mapToLong(x.getShape()::get).toArray();
    Shape flat = new Shape(shape).add(length * length);
    return slice(x.transpose(order).reshape(flat), rank - 2, 0, length * length, length + 1);
  }

  static NDArray flip(NDArray x, int axis) {
    return JniUtils.flip(of(x), new long[] {axis});
  }

  /**
   * Pads with one value.
   *
   * @param begin per axis of the array; a negative number cuts off
   * @param end likewise
   */
  static NDArray pad(NDArray x, long[] begin, long[] end, double value) {
    int rank = begin.length;
    long[] pads = new long[2 * rank];
    for (int i = 0; i < rank; i++) {
      pads[2 * i] = begin[rank - 1 - i];
      pads[2 * i + 1] = end[rank - 1 - i];
    }
    return JniUtils.pad(of(x), pads, value);
  }

  /** The slices of an axis with the given indices, which take the axis' place. */
  static NDArray take(NDArray x, int axis, NDArray indices) {
    NDIndex index = new NDIndex(":,".repeat(axis) + "{}", indices);
    return JniUtils.indexAdv(of(x), index, of(x).getManager());
  }

  static NDArray take(NDArray x, int axis, long[] indices) {
    return take(x, axis, integers(x, indices, indices.length));
  }

  /** Reduces along these axes in turn, which stay with length 1 if {@code keep}. */
  static NDArray reduce(NDArray x, int[] ascendingAxes, boolean keep, AxisReduction reduction) {
    NDArray reduced = x;
    for (int i = ascendingAxes.length - 1; i >= 0; i--) {
      reduced = reduction.apply(of(reduced), ascendingAxes[i], keep);
    }
    return ascendingAxes.length == 0 ? alias(x) : reduced;
  }

  /** A reduction that libtorch has along a single axis only. */
  @FunctionalInterface
  interface AxisReduction {
    PtNDArray apply(PtNDArray x, long axis, boolean keep);
  }
}
