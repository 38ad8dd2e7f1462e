package downstream.eval.encoder.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.jni.JniUtils;
import downstream.eval.train.optimiser.Scalars;

/** Activation functions with attributes of their own. */
final class Activations {
  private Activations() {}

  /** Gelu: exact, or with the tanh approximation. */
  static NDArray gelu(Operands in) {
    NDArray x = in.array(0);
    if (in.node().text("approximate", "none").equals("none")) {
      return JniUtils.gelu(Torch.of(x));
    }
    NDArray cubic = x.add(Scalars.times(Scalars.power(x, 3), 0.044715));
    NDArray inner = Scalars.times(cubic, Math.sqrt(2 / Math.PI));
    return Scalars.times(x, 0.5).mul(inner.tanh().add(1));
  }

  static NDArray leakyRelu(Operands in) {
    return JniUtils.leakyRelu(Torch.of(in.array(0)), in.node().number("alpha", 0.01f));
  }

  /** PRelu: x where it is positive, otherwise x · slope. */
  static NDArray prelu(Operands in) {
    NDArray x = in.array(0);
    return Torch.where(x.gt(0), x, x.mul(in.array(1)));
  }

  static NDArray elu(Operands in) {
    return JniUtils.elu(Torch.of(in.array(0)), in.node().number("alpha", 1));
  }

  static NDArray selu(Operands in) {
    double alpha = in.node().number("alpha", 1.6732632f);
    double gamma = in.node().number("gamma", 1.050701f);
    return Scalars.times(JniUtils.elu(Torch.of(in.array(0)), alpha), gamma);
  }

  /** Celu: alpha · elu(x / alpha). */
  static NDArray celu(Operands in) {
    double alpha = in.node().number("alpha", 1);
    NDArray scaled = Scalars.over(in.array(0), alpha);
    return Scalars.times(JniUtils.elu(Torch.of(scaled), 1), alpha);
  }

  static NDArray hardSigmoid(Operands in) {
    double alpha = in.node().number("alpha", 0.2f);
    double beta = in.node().number("beta", 0.5f);
    return hardSigmoid(in.array(0), alpha, beta);
  }

  /** HardSwish: x · max(0, min(1, x/6 + 1/2)). */
  static NDArray hardSwish(Operands in) {
    return in.array(0).mul(hardSigmoid(in.array(0), 1 / 6.0, 0.5));
  }

  private static NDArray hardSigmoid(NDArray x, double alpha, double beta) {
    NDArray line = Scalars.times(x, alpha).add(beta);
    return JniUtils.clip(Torch.of(line), 0.0, 1.0);
  }

  /** Mish: x · tanh(softplus(x)). */
  static NDArray mish(Operands in) {
    return in.array(0).mul(JniUtils.softPlus(Torch.of(in.array(0))).tanh());
  }

  static NDArray thresholdedRelu(Operands in) {
    NDArray x = in.array(0);
    return Torch.where(x.gt(in.node().number("alpha", 1)), x, Torch.number(x, 0));
  }

  /** Shrink: 0 within ±lambd, otherwise moved towards 0 by bias. */
  static NDArray shrink(Operands in) {
    NDArray x = in.array(0);
    float threshold = in.node().number("lambd", 0.5f);
    float bias = in.node().number("bias", 0);
    NDArray zero = Torch.number(x, 0);
    NDArray low = Torch.where(x.lt(-threshold), x.add(bias), zero);
    return Torch.where(x.gt(threshold), x.sub(bias), low);
  }

  static NDArray softmax(Operands in) {
    return alongAxis(in, NDArray::softmax);
  }

  static NDArray logSoftmax(Operands in) {
    return alongAxis(in, NDArray::logSoftmax);
  }

  /**
   * Applies a function along an axis. Up to opset 12 all axes from {@code axis} on are one; from 13
   * on it is that axis alone.
   */
  private static NDArray alongAxis(Operands in, AxisFunction function) {
    NDArray x = in.array(0);
    boolean flattens = in.node().opset() < 13;
    int rank = x.getShape().dimension();
    int axis = Operands.axis(in.node().integer("axis", flattens ? 1 : -1), rank);
    if (!flattens || axis == rank - 1) {
      return function.apply(x, axis);
    }
    NDArray flat = x.reshape(x.getShape().slice(0, axis).size(), -1);
    return function.apply(flat, 1).reshape(x.getShape());
  }

  @FunctionalInterface
  private interface AxisFunction {
    NDArray apply(NDArray x, int axis);
  }
}
