package downstream.eval.encoder.operators;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Normalisations: batch, layer, group and instance statistics, vector norms, neighbours. */
final class Norms {
  private Norms() {}

  /**
   * BatchNormalization: x [N, C, ...], scale, bias, running mean and variance [C]. With batch
   * statistics the running ones are moved in place, as ONNX defines it: running · momentum + batch
   * · (1 − momentum), with the biased variance.
   */
  static List<Result> batch(Operands in) {
    boolean fromBatch = in.phase() == Operands.Phase.BATCH_STATISTICS;
    String mean = in.code(3);
    String variance = in.code(4);
    String batchMean = fromBatch ? in.writer().assign(Code.call("zeros_like", mean)) : mean;
    String batchVariance =
        fromBatch ? in.writer().assign(Code.call("zeros_like", variance)) : variance;
    double epsilon = in.node().number("epsilon", 1e-5f);
    String y =
        in.writer()
            .assign(
                Code.call(
                    "batch_norm",
                    in.code(0),
                    in.code(1),
                    in.code(2),
                    batchMean,
                    batchVariance,
                    fromBatch,
                    1.0,
                    epsilon,
                    true));
    if (fromBatch) {
      double count = (double) in.shape(0).size() / in.shape(0).get(1);
      double momentum = in.node().number("momentum", 0.9f);
      move(in, mean, batchMean, momentum, 1 - momentum);
      move(in, variance, batchVariance, momentum, (1 - momentum) * (count - 1) / count);
    }
    List<Result> outputs = new ArrayList<>();
    outputs.add(Result.of(y));
    for (int i = 1; i < in.node().outputs().size(); i++) {
      int slot = i % 2 == 1 ? 3 : 4;
      outputs.add(Result.of(Code.call("clone", in.code(slot)), in.value(slot).type()));
    }
    return outputs;
  }

  private static void move(Operands in, String running, String batch, double kept, double added) {
    in.writer().run(Code.call("mul_", running, kept));
    in.writer().run(Code.call("add_", running, batch, "alpha=" + Code.number(added)));
  }

  /** LayerNormalization: over the axes from {@code axis} to the last. */
  static List<Result> layer(Operands in) {
    int axis = in.axis(in.node().integer("axis", -1));
    Shape normalized = in.shape(0).slice(axis);
    double epsilon = in.node().number("epsilon", 1e-5f);
    boolean plain =
        in.shape(1).equals(normalized) && (!in.has(2) || in.shape(2).equals(normalized));
    String scale = plain ? in.code(1) : Code.NONE;
    String bias = plain ? in.codeOrNone(2) : Code.NONE;
    String y = Code.call("layer_norm", in.code(0), normalized.getShape(), scale, bias, epsilon);
    if (!plain) {
      y = Code.call("mul", y, in.code(1));
      y = in.has(2) ? Code.call("add", y, in.code(2)) : y;
    }
    List<Result> outputs = new ArrayList<>(List.of(Result.of(y)));
    if (in.wants(1) || in.wants(2)) {
      int[] axes = IntStream.range(axis, in.rank(0)).toArray();
      String variance = Code.call("var", in.code(0), axes, false, true);
      outputs.add(Result.of(Code.call("mean", in.code(0), axes, true)));
      outputs.add(Result.of(Code.call("rsqrt", Code.call("add", variance, epsilon))));
    }
    return outputs;
  }

  /**
   * GroupNormalization: x [N, C, ...] in {@code num_groups} groups of channels; scale and bias are
   * per group up to opset 20, per channel from 21 on.
   */
  static String group(Operands in) {
    return grouped(in, in.node().integer("num_groups", 1));
  }

  /** InstanceNormalization: every channel of every image by itself. */
  static String instance(Operands in) {
    return grouped(in, in.shape(0).get(1));
  }

  private static String grouped(Operands in, long groups) {
    double epsilon = in.node().number("epsilon", 1e-5f);
    String scale = perChannel(in, 1);
    String bias = perChannel(in, 2);
    return Code.call("group_norm", in.code(0), groups, scale, bias, epsilon);
  }

  private static String perChannel(Operands in, int slot) {
    long times = in.shape(0).get(1) / in.shape(slot).size();
    return times == 1 ? in.code(slot) : Code.call("repeat_interleave", in.code(slot), times, 0);
  }

  /** LpNormalization: divided by the 1- or 2-norm along an axis. */
  static String vector(Operands in) {
    int[] axis = {in.axis(in.node().integer("axis", -1))};
    String norm = Code.call("norm", in.code(0), in.node().integer("p", 2), axis, true);
    return Code.call("div", in.code(0), norm);
  }

  /** LRN: divided by a power of the sum of squares over neighbouring channels. */
  static String neighbours(Operands in) {
    long size = in.node().integer("size", 1);
    long before = (size - 1) / 2;
    long[] shape = in.shape(0).getShape();
    long[] flat = {shape[0], 1, shape[1], -1};
    String squares = Code.call("reshape", Code.call("square", in.code(0)), flat);
    long[] begin = {0, 0, before, 0};
    long[] end = {0, 0, size - 1 - before, 0};
    String padded = Code.pad(squares, begin, end, 0);
    String means = Code.call("avg_pool2d", padded, new long[] {size, 1}, new long[] {1, 1});
    String scaled = Code.call("mul", means, (double) in.node().number("alpha", 1e-4f));
    String base = Code.call("add", scaled, (double) in.node().number("bias", 1));
    String power = Code.call("pow", base, (double) -in.node().number("beta", 0.75f));
    return Code.call("mul", in.code(0), Code.call("reshape", power, shape));
  }

  /** MeanVarianceNormalization: over the batch and the spatial axes unless stated otherwise. */
  static String meanVariance(Operands in) {
    int[] axes =
        Arrays.stream(in.node().integers("axes", 0, 2, 3)).mapToInt(in::axis).sorted().toArray();
    String centred = Code.call("sub", in.code(0), Code.call("mean", in.code(0), axes, true));
    String deviation = Code.call("sqrt", Code.call("var", in.code(0), axes, false, true));
    return Code.call("div", centred, Code.call("add", deviation, 1e-9));
  }
}
