package downstream.eval.encoder.operators;

import ai.djl.ndarray.types.Shape;
import java.util.stream.IntStream;

/** Activation functions with attributes of their own. */
final class Activations {
  private Activations() {}

  /** Gelu: exact, or with the tanh approximation. */
  static String gelu(Operands in) {
    String form = in.node().text("approximate", "none");
    return Code.call("gelu", in.code(0), Code.named("approximate", form));
  }

  static String leakyRelu(Operands in) {
    return Code.call("leaky_relu", in.code(0), (double) in.node().number("alpha", 0.01f));
  }

  static String softsign(Operands in) {
    return Code.call("div", in.code(0), Code.call("add", Code.call("abs", in.code(0)), 1.0));
  }

  /** PRelu: x where it is positive, otherwise x · slope. */
  static String prelu(Operands in) {
    if (slopePerChannel(in)) {
      return Code.call("prelu", in.code(0), Code.call("reshape", in.code(1), new long[] {-1}));
    }
    String scaled = Code.call("mul", in.code(0), in.code(1));
    return Code.call("where", Code.call("gt", in.code(0), 0), in.code(0), scaled);
  }

  /** Tells whether the slope is one number, or one for each place of axis 1. */
  private static boolean slopePerChannel(Operands in) {
    Shape x = in.shape(0);
    Shape slope = in.shape(1);
    int channel = slope.dimension() - (x.dimension() - 1);
    return slope.size() == 1
        || (x.dimension() > 1
            && channel >= 0
            && slope.size() == x.get(1)
            && IntStream.range(0, slope.dimension())
                .allMatch(i -> slope.get(i) == (i == channel ? x.get(1) : 1)));
  }

  static String elu(Operands in) {
    return Code.call("elu", in.code(0), (double) in.node().number("alpha", 1));
  }

  static String selu(Operands in) {
    double alpha = in.node().number("alpha", 1.6732632f);
    double gamma = in.node().number("gamma", 1.050701f);
    return Code.call("elu", in.code(0), alpha, gamma);
  }

  static String celu(Operands in) {
    return Code.call("celu", in.code(0), (double) in.node().number("alpha", 1));
  }

  /** HardSigmoid: max(0, min(1, alpha · x + beta)). */
  static String hardSigmoid(Operands in) {
    double alpha = in.node().number("alpha", 0.2f);
    double beta = in.node().number("beta", 0.5f);
    String line = Code.call("add", Code.call("mul", in.code(0), alpha), beta);
    return Code.call("clamp", line, 0.0, 1.0);
  }

  static String thresholdedRelu(Operands in) {
    return Code.call("threshold", in.code(0), (double) in.node().number("alpha", 1), 0.0);
  }

  /** Shrink: 0 within ±lambd, otherwise moved towards 0 by bias. */
  static String shrink(Operands in) {
    double threshold = in.node().number("lambd", 0.5f);
    double bias = in.node().number("bias", 0);
    String x = in.code(0);
    String zero = in.let(Code.call("zeros_like", x));
    String low =
        Code.call("where", Code.call("lt", x, -threshold), Code.call("add", x, bias), zero);
    return Code.call("where", Code.call("gt", x, threshold), Code.call("sub", x, bias), low);
  }

  /**
   * Softmax or its logarithm along an axis. Up to opset 12 all axes from {@code axis} on are one;
   * from 13 on it is that axis alone.
   */
  static String alongAxis(Operands in, String function) {
    boolean flattens = in.node().opset() < 13;
    int axis = in.axis(in.node().integer("axis", flattens ? 1 : -1));
    if (!flattens || axis == in.rank(0) - 1) {
      return Code.call(function, in.code(0), axis);
    }
    long[] rows = {in.shape(0).slice(0, axis).size(), -1};
    String flat = Code.call(function, Code.call("reshape", in.code(0), rows), 1);
    return Code.call("reshape", flat, in.shape(0).getShape());
  }
}
