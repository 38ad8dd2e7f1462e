package downstream.eval.encoder.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import downstream.eval.BadInput;
import java.util.Arrays;
import java.util.stream.LongStream;

/** Operators that pick elements, put them together, or pad them. */
final class IndexingOperators {
  private IndexingOperators() {}

  static NDArray concat(Operands in) {
    NDArray first = in.array(0);
    if (in.count() == 1) {
      return Torch.alias(first);
    }
    int axis = Operands.axis(in.node().integer("axis", 1), first.getShape().dimension());
    NDList others = new NDList(in.all().subList(1, in.count()));
    return first.getNDArrayInternal().concat(others, axis);
  }

  /** Split: into equal parts (the last may be smaller), or into parts of the given sizes. */
  static NDList split(Operands in) {
    NDArray x = in.array(0);
    int axis = Operands.axis(in.node().integer("axis", 0), x.getShape().dimension());
    int parts = in.node().outputs().size();
    long length = x.getShape().get(axis);
    long[] equal = new long[parts];
    long each = (length + parts - 1) / parts;
    Arrays.setAll(equal, i -> Math.max(0, Math.min(each, length - i * each)));
    return JniUtils.split(Torch.of(x), in.integers("split", 1, equal), axis);
  }

  /** Slice: bounds in attributes up to opset 9; negative steps run backwards. */
  static NDArray slice(Operands in) {
    NDArray x = in.array(0);
    long[] starts = in.integers("starts", 1);
    long[] ends = in.integers("ends", 2);
    long[] axes = in.integers("axes", 3, LongStream.range(0, starts.length).toArray());
    long[] ones = new long[starts.length];
    Arrays.fill(ones, 1);
    long[] steps = in.integers("steps", 4, ones);
    NDArray result = x;
    for (int i = 0; i < starts.length; i++) {
      int axis = Operands.axis(axes[i], x.getShape().dimension());
      result = slice(result, axis, starts[i], ends[i], steps[i]);
    }
    return starts.length == 0 ? Torch.alias(x) : result;
  }

  private static NDArray slice(NDArray x, int axis, long start, long end, long step) {
    long length = x.getShape().get(axis);
    if (step > 0) {
      long from = clamp(start < 0 ? start + length : start, 0, length);
      long to = clamp(end < 0 ? end + length : end, from, length);
      return Torch.slice(x, axis, from, to, step);
    }
    long from = clamp(start < 0 ? start + length : start, -1, length - 1);
    long to = clamp(end < 0 ? Math.max(end, -length - 1) + length : end, -1, from);
    return Torch.slice(Torch.flip(x, axis), axis, length - 1 - from, length - 1 - to, -step);
  }

  private static long clamp(long value, long low, long high) {
    return Math.max(low, Math.min(value, high));
  }

  /** Gather: whole slices along an axis; the indices' axes take that axis' place. */
  static NDArray gather(Operands in) {
    NDArray x = in.array(0);
    int axis = Operands.axis(in.node().integer("axis", 0), x.getShape().dimension());
    NDArray indices = in.array(1);
    if (indices.size() != 1 || !in.isConstant(1)) {
      return Torch.take(x, axis, indices);
    }
    long length = x.getShape().get(axis);
    long index = in.integers(1)[0] < 0 ? in.integers(1)[0] + length : in.integers(1)[0];
    Shape shape =
        x.getShape().slice(0, axis).addAll(indices.getShape()).addAll(x.getShape().slice(axis + 1));
    return Torch.slice(x, axis, index, index + 1, 1).reshape(shape);
  }

  /** GatherElements: along an axis, one index per element of the result. */
  static NDArray gatherElements(Operands in) {
    NDArray x = in.array(0);
    int axis = Operands.axis(in.node().integer("axis", 0), x.getShape().dimension());
    NDArray indices = in.array(1).toType(DataType.INT64, false);
    NDArray length = Torch.integers(indices, new long[] {x.getShape().get(axis)}, 1);
    NDArray positive = JniUtils.remainder(Torch.of(indices), Torch.of(length));
    return JniUtils.gather(Torch.of(x), Torch.of(positive), axis);
  }

  /** Pad: a constant, or the values at the border repeated, mirrored or wrapped round. */
  static NDArray pad(Operands in) {
    NDArray x = in.array(0);
    int rank = x.getShape().dimension();
    long[] stated = in.integers("pads", 1);
    long[] axes = in.integers(3, LongStream.range(0, rank).toArray());
    long[] begin = new long[rank];
    long[] end = new long[rank];
    for (int i = 0; i < axes.length; i++) {
      begin[Operands.axis(axes[i], rank)] = stated[i];
      end[Operands.axis(axes[i], rank)] = stated[i + axes.length];
    }
    String mode = in.node().text("mode", "constant");
    if (mode.equals("constant")) {
      return Torch.pad(x, begin, end, in.number(2, in.node().number("value", 0)));
    }
    NDArray padded = Torch.alias(x);
    for (int axis = 0; axis < rank; axis++) {
      if (begin[axis] != 0 || end[axis] != 0) {
        long[] sources = sources(in, mode, x.getShape().get(axis), begin[axis], end[axis]);
        padded = Torch.take(padded, axis, sources);
      }
    }
    return padded;
  }

  /** Source place of each place of a padded axis. */
  private static long[] sources(Operands in, String mode, long length, long begin, long end) {
    long period = Math.max(1, 2 * (length - 1));
    return LongStream.range(-begin, length + end)
        .map(
            place ->
                switch (mode) {
                  case "edge" -> clamp(place, 0, length - 1);
                  case "wrap" -> Math.floorMod(place, length);
                  case "reflect" -> {
                    long folded = Math.floorMod(place, period);
                    yield Math.min(folded, period - folded);
                  }
                  default ->
                      throw new BadInput(
                          in.node().toString(),
                          "pads with mode " + mode,
                          "Export the encoder with mode constant, edge, wrap or reflect");
                })
        .toArray();
  }

  /** Trilu: the upper or lower triangle of the last two axes, the rest 0. */
  static NDArray triangle(Operands in) {
    NDArray x = in.array(0);
    int rank = x.getShape().dimension();
    int rows = Math.toIntExact(x.getShape().get(rank - 2));
    int columns = Math.toIntExact(x.getShape().get(rank - 1));
    boolean upper = in.node().integer("upper", 1) != 0;
    long diagonal = in.integers(1, 0)[0];
    boolean[] kept = new boolean[rows * columns];
    for (int i = 0; i < kept.length; i++) {
      int offset = i % columns - i / columns;
      kept[i] = upper ? offset >= diagonal : offset <= diagonal;
    }
    NDArray mask = Torch.booleans(x, kept, rows, columns);
    return Torch.where(mask, x, Torch.number(x, 0));
  }

  /** CumSum: along one axis, from the front or the back, with or without the element itself. */
  static NDArray cumulativeSum(Operands in) {
    NDArray x = in.array(0);
    int axis = Operands.axis(in.integers(1)[0], x.getShape().dimension());
    boolean reverse = in.node().integer("reverse", 0) != 0;
    NDArray forward = reverse ? Torch.flip(x, axis) : x;
    if (in.node().integer("exclusive", 0) != 0) {
      long[] begin = new long[x.getShape().dimension()];
      long[] end = begin.clone();
      begin[axis] = 1;
      end[axis] = -1;
      forward = Torch.pad(forward, begin, end, 0);
    }
    NDArray sums = JniUtils.cumSum(Torch.of(forward), axis);
    return reverse ? Torch.flip(sums, axis) : sums;
  }
}
