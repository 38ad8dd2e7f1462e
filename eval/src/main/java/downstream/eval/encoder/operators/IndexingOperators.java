package downstream.eval.encoder.operators;

import ai.djl.ndarray.types.Shape;
import downstream.eval.BadInput;
import downstream.eval.torch.ScriptType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Operators that pick elements, put them together, or pad them. */
final class IndexingOperators {
  private IndexingOperators() {}

  static List<Result> concat(Operands in) {
    int axis = in.axis(in.node().integer("axis", 1));
    List<Value> values = IntStream.range(0, in.count()).mapToObj(in::value).toList();
    String together = Code.call("cat", Code.list(values.stream().map(Value::code).toList()), axis);
    ScriptType widest = values.stream().map(Value::type).reduce(ScriptType::wider).orElseThrow();
    return List.of(Result.of(together, widest));
  }

  /** Split: into equal parts (the last may be smaller), or into parts of the given sizes. */
  static List<Result> split(Operands in) {
    int axis = in.axis(in.node().integer("axis", 0));
    int parts = in.node().outputs().size();
    long length = in.shape(0).get(axis);
    long[] equal = new long[parts];
    long each = (length + parts - 1) / parts;
    Arrays.setAll(equal, i -> Math.max(0, Math.min(each, length - i * each)));
    long[] sizes = in.integers("split", 1, equal);
    String split = in.let(Code.call("split_with_sizes", in.code(0), sizes, axis));
    return IntStream.range(0, parts).mapToObj(i -> Result.of(split + "[" + i + "]")).toList();
  }

  /** Slice: bounds in attributes up to opset 9; negative steps run backwards. */
  static String slice(Operands in) {
    long[] starts = in.integers("starts", 1);
    long[] ends = in.integers("ends", 2);
    long[] axes = in.integers("axes", 3, LongStream.range(0, starts.length).toArray());
    long[] ones = new long[starts.length];
    Arrays.fill(ones, 1);
    long[] steps = in.integers("steps", 4, ones);
    String result = in.code(0);
    for (int i = 0; i < starts.length; i++) {
      int axis = in.axis(axes[i]);
      result = slice(result, axis, in.shape(0).get(axis), starts[i], ends[i], steps[i]);
    }
    return result;
  }

  private static String slice(String x, int axis, long length, long start, long end, long step) {
    if (step > 0) {
      long from = clamp(start < 0 ? start + length : start, 0, length);
      long to = clamp(end < 0 ? end + length : end, from, length);
      return Code.call("slice", x, axis, from, to, step);
    }
    long from = clamp(start < 0 ? start + length : start, -1, length - 1);
    long to = clamp(end < 0 ? Math.max(end, -length - 1) + length : end, -1, from);
    return Code.call("slice", flip(x, axis), axis, length - 1 - from, length - 1 - to, -step);
  }

  private static String flip(String x, int axis) {
    return Code.call("flip", x, new long[] {axis});
  }

  private static long clamp(long value, long low, long high) {
    return Math.max(low, Math.min(value, high));
  }

  /** Gather: whole slices along an axis; the indices' axes take that axis' place. */
  static String gather(Operands in) {
    int axis = in.axis(in.node().integer("axis", 0));
    long length = in.shape(0).get(axis);
    Shape shape =
        in.shape(0).slice(0, axis).addAll(in.shape(1)).addAll(in.shape(0).slice(axis + 1));
    String taken;
    if (!in.isConstant(1)) {
      String flat = Code.call("reshape", in.code(1), new long[] {-1});
      taken = Code.call("index_select", in.code(0), axis, Code.call("remainder", flat, length));
    } else {
      long[] indices =
          Arrays.stream(in.integers(1)).map(index -> index < 0 ? index + length : index).toArray();
      taken =
          indices.length == 1
              ? Code.call("slice", in.code(0), axis, indices[0], indices[0] + 1, 1)
              : take(in, in.code(0), axis, indices);
    }
    return Code.call("reshape", taken, shape.getShape());
  }

  /** The slices of an axis with these indices. */
  static String take(Operands in, String x, int axis, long[] indices) {
    return Code.call("index_select", x, axis, in.indices(indices));
  }

  /** GatherElements: along an axis, one index per element of the result. */
  static String gatherElements(Operands in) {
    int axis = in.axis(in.node().integer("axis", 0));
    String indices = Code.to(in.code(1), ScriptType.INT64);
    String positive = Code.call("remainder", indices, in.shape(0).get(axis));
    return Code.call("gather", in.code(0), axis, positive);
  }

  /** Pad: a constant, or the values at the border repeated, mirrored or wrapped round. */
  static String pad(Operands in) {
    int rank = in.rank(0);
    long[] stated = in.integers("pads", 1);
    long[] axes = in.integers(3, LongStream.range(0, rank).toArray());
    long[] begin = new long[rank];
    long[] end = new long[rank];
    for (int i = 0; i < axes.length; i++) {
      begin[in.axis(axes[i])] = stated[i];
      end[in.axis(axes[i])] = stated[i + axes.length];
    }
    String mode = in.node().text("mode", "constant");
    if (mode.equals("constant")) {
      return Code.pad(in.code(0), begin, end, in.number(2, in.node().number("value", 0)));
    }
    String padded = in.code(0);
    for (int axis = 0; axis < rank; axis++) {
      if (begin[axis] != 0 || end[axis] != 0) {
        long[] sources = sources(in, mode, in.shape(0).get(axis), begin[axis], end[axis]);
        padded = take(in, padded, axis, sources);
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
  static String triangle(Operands in) {
    boolean upper = in.node().integer("upper", 1) != 0;
    return Code.call(upper ? "triu" : "tril", in.code(0), in.integers(1, 0)[0]);
  }

  /** CumSum: along one axis, from the front or the back, with or without the element itself. */
  static String cumulativeSum(Operands in) {
    int axis = in.axis(in.integers(1)[0]);
    boolean reverse = in.node().integer("reverse", 0) != 0;
    String forward = reverse ? flip(in.code(0), axis) : in.code(0);
    if (in.node().integer("exclusive", 0) != 0) {
      long[] begin = new long[in.rank(0)];
      long[] end = begin.clone();
      begin[axis] = 1;
      end[axis] = -1;
      forward = Code.pad(forward, begin, end, 0);
    }
    String sums = Code.call("cumsum", forward, axis);
    return reverse ? flip(sums, axis) : sums;
  }
}
