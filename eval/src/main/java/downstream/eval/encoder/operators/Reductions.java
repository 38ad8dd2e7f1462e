package downstream.eval.encoder.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Reductions along axes; all axes unless the node names some. */
final class Reductions {
  private final NDArray x;
  private final int[] axes;
  private final boolean keep;

  private Reductions(Operands in) {
    x = in.array(0);
    int rank = x.getShape().dimension();
    int[] named =
        Arrays.stream(in.integers("axes", 1))
            .mapToInt(axis -> Operands.axis(axis, rank))
            .sorted()
            .toArray();
    boolean none = named.length == 0 && in.node().integer("noop_with_empty_axes", 0) != 0;
    axes = named.length == 0 && !none ? IntStream.range(0, rank).toArray() : named;
    keep = in.node().integer("keepdims", 1) != 0;
  }

  static NDArray sum(Operands in) {
    Reductions all = new Reductions(in);
    return all.sum(all.x);
  }

  static NDArray mean(Operands in) {
    return new Reductions(in).oneByOne(JniUtils::mean);
  }

  static NDArray max(Operands in) {
    return new Reductions(in).oneByOne(JniUtils::max);
  }

  static NDArray min(Operands in) {
    return new Reductions(in).oneByOne(JniUtils::min);
  }

  static NDArray product(Operands in) {
    return new Reductions(in).oneByOne(JniUtils::prod);
  }

  static NDArray norm1(Operands in) {
    return new Reductions(in).norm(1);
  }

  static NDArray norm2(Operands in) {
    return new Reductions(in).norm(2);
  }

  static NDArray sumSquare(Operands in) {
    Reductions all = new Reductions(in);
    return all.sum(all.x.square());
  }

  static NDArray logSum(Operands in) {
    Reductions all = new Reductions(in);
    return all.sum(all.x).log();
  }

  /** Log-sum-exp, of x minus its largest value, so that nothing overflows. */
  static NDArray logSumExp(Operands in) {
    Reductions all = new Reductions(in);
    NDArray largest = Torch.reduce(all.x.stopGradient(), all.axes, true, JniUtils::max);
    NDArray logs = all.sum(all.x.sub(largest).exp()).log();
    return logs.add(all.keep ? largest : largest.reshape(logs.getShape()));
  }

  private NDArray sum(NDArray values) {
    return axes.length == 0 ? Torch.alias(values) : values.sum(axes, keep);
  }

  private NDArray norm(int order) {
    UnaryOperator<NDArray> norm = values -> JniUtils.norm(Torch.of(values), order, axes, keep);
    return axes.length == 0 ? x.abs() : norm.apply(x);
  }

  private NDArray oneByOne(Torch.AxisReduction reduction) {
    return Torch.reduce(x, axes, keep, reduction);
  }
}
