package downstream.eval.encoder.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import downstream.eval.train.optimiser.Scalars;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Normalisations: batch, layer, group and instance statistics, vector norms, neighbours. */
final class Norms {
  private Norms() {}

  /**
   * BatchNormalization: x [N, C, ...], scale, bias, running mean and variance [C]. With batch
   * statistics the running ones are moved in place, as ONNX defines it: running · momentum + batch
   * · (1 − momentum), with the biased variance.
   */
  static NDList batch(Operands in) {
    boolean fromBatch = in.phase() == Operands.Phase.BATCH_STATISTICS;
    NDArray mean = in.array(3);
    NDArray variance = in.array(4);
    NDArray batchMean = fromBatch ? mean.zerosLike() : mean;
    NDArray batchVariance = fromBatch ? variance.zerosLike() : variance;
    NDArray x = in.array(0);
    NDArray y =
        JniUtils.batchNorm(
            Torch.of(x),
            Torch.of(batchMean),
            Torch.of(batchVariance),
            Torch.of(in.array(1)),
            Torch.of(in.array(2)),
            fromBatch,
            1,
            in.node().number("epsilon", 1e-5f));
    if (fromBatch) {
      double count = (double) x.size() / x.getShape().get(1);
      double momentum = in.node().number("momentum", 0.9f);
      move(mean, batchMean, momentum, 1 - momentum);
      move(variance, batchVariance, momentum, (1 - momentum) * (count - 1) / count);
    }
    NDList outputs = new NDList(y);
    for (int i = 1; i < in.node().outputs().size(); i++) {
      outputs.add((i % 2 == 1 ? mean : variance).duplicate());
    }
    return outputs;
  }

  private static void move(NDArray running, NDArray batch, double kept, double added) {
    running.muli(kept).addi(batch.mul(added));
  }

  /** LayerNormalization: over the axes from {@code axis} to the last. */
  static NDList layer(Operands in) {
    NDArray x = in.array(0);
    int axis = Operands.axis(in.node().integer("axis", -1), x.getShape().dimension());
    Shape normalized = x.getShape().slice(axis);
    double epsilon = in.node().number("epsilon", 1e-5f);
    NDArray scale = in.array(1);
    NDArray bias = in.arrayOrNull(2);
    boolean plain =
        scale.getShape().equals(normalized) && (bias == null || bias.getShape().equals(normalized));
    NDArray y =
        plain
            ? layer(x, normalized, scale, bias, epsilon)
            : affine(layer(x, normalized, epsilon), scale, bias);
    NDList outputs = new NDList(y);
    if (in.wants(1) || in.wants(2)) {
      statistics(x, axis, epsilon).forEach(outputs::add);
    }
    return outputs;
  }

  /** Mean and inverse standard deviation. */
  private static NDList statistics(NDArray x, int axis, double epsilon) {
    int[] axes = IntStream.range(axis, x.getShape().dimension()).toArray();
    NDArray mean = Torch.reduce(x, axes, true, JniUtils::mean);
    NDArray variance = Torch.reduce(x.sub(mean).square(), axes, true, JniUtils::mean);
    return new NDList(mean, Scalars.power(variance.add(epsilon), -0.5));
  }

  private static NDArray layer(NDArray x, Shape normalized, double epsilon) {
    return layer(x, normalized, Torch.full(x, normalized, 1), null, epsilon);
  }

  private static NDArray layer(
      NDArray x, Shape normalized, NDArray scale, @Nullable NDArray bias, double epsilon) {
    NDArray shift = bias == null ? Torch.full(x, normalized, 0) : bias;
    return JniUtils.layerNorm(Torch.of(x), normalized, Torch.of(scale), Torch.of(shift), epsilon);
  }

  private static NDArray affine(NDArray x, NDArray scale, @Nullable NDArray bias) {
    NDArray scaled = x.mul(scale);
    return bias == null ? scaled : scaled.add(bias);
  }

  /**
   * GroupNormalization: x [N, C, ...] in {@code num_groups} groups of channels; scale and bias are
   * per group up to opset 20, per channel from 21 on.
   */
  static NDArray group(Operands in) {
    NDArray x = in.array(0);
    long groups = in.node().integer("num_groups", 1);
    return grouped(x, groups, in.array(1), in.array(2), in.node().number("epsilon", 1e-5f));
  }

  /** InstanceNormalization: every channel of every image by itself. */
  static NDArray instance(Operands in) {
    NDArray x = in.array(0);
    long channels = x.getShape().get(1);
    return grouped(x, channels, in.array(1), in.array(2), in.node().number("epsilon", 1e-5f));
  }

  private static NDArray grouped(
      NDArray x, long groups, NDArray scale, NDArray bias, double epsilon) {
    NDArray parts = x.reshape(x.getShape().get(0), groups, -1);
    NDArray normalized = layer(parts, parts.getShape().slice(2), epsilon);
    NDArray split = normalized.reshape(x.getShape().get(0), scale.size(), -1);
    return affine(split, scale.expandDims(1), bias.expandDims(1)).reshape(x.getShape());
  }

  /** LpNormalization: divided by the 1- or 2-norm along an axis. */
  static NDArray vector(Operands in) {
    NDArray x = in.array(0);
    int axis = Operands.axis(in.node().integer("axis", -1), x.getShape().dimension());
    int order = Math.toIntExact(in.node().integer("p", 2));
    return x.div(JniUtils.norm(Torch.of(x), order, new int[] {axis}, true));
  }

  /** LRN: divided by a power of the sum of squares over neighbouring channels. */
  static NDArray neighbours(Operands in) {
    NDArray x = in.array(0);
    long size = in.node().integer("size", 1);
    long before = (size - 1) / 2;
    long channels = x.getShape().get(1);
    NDArray flat = x.square().reshape(x.getShape().get(0), 1, channels, -1);
    long[] begin = {0, 0, before, 0};
    long[] end = {0, 0, size - 1 - before, 0};
    NDArray padded = Torch.pad(flat, begin, end, 0);
    Shape kernel = new Shape(size, 1);
    Shape none = new Shape(0, 0);
    NDArray means = JniUtils.avgPool(Torch.of(padded), kernel, new Shape(1, 1), none, false, true);
    NDArray base =
        Scalars.times(means, in.node().number("alpha", 1e-4f)).add(in.node().number("bias", 1));
    double beta = in.node().number("beta", 0.75f);
    return x.mul(Scalars.power(base, -beta).reshape(x.getShape()));
  }

  /** MeanVarianceNormalization: over the batch and the spatial axes unless stated otherwise. */
  static NDArray meanVariance(Operands in) {
    NDArray x = in.array(0);
    int rank = x.getShape().dimension();
    int[] axes =
        Arrays.stream(in.node().integers("axes", 0, 2, 3))
            .mapToInt(axis -> Operands.axis(axis, rank))
            .sorted()
            .toArray();
    NDArray centred = x.sub(Torch.reduce(x, axes, true, JniUtils::mean));
    NDArray variance = Torch.reduce(centred.square(), axes, true, JniUtils::mean);
    return centred.div(variance.sqrt().add(1e-9));
  }
}
