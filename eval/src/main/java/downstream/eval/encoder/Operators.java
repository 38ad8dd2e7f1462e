package downstream.eval.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import downstream.eval.BadInput;
import downstream.eval.train.Scalars;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The table of ONNX operators that can be trained: one entry each, composed of what DJL's PyTorch
 * engine has.
 */
final class Operators {
  /** A fused x/2 · (1 + erf(x/√2)), see {@link GeluFusion}; also opset 20's Gelu. */
  static final String GELU = "Gelu";

  private static final Map<String, Function<Operands, NDList>> TABLE =
      Map.ofEntries(
          one("Add", in -> in.array(0).add(in.array(1))),
          one("Sub", in -> in.array(0).sub(in.array(1))),
          one("Mul", in -> in.array(0).mul(in.array(1))),
          one("Div", in -> in.array(0).div(in.array(1))),
          one("MatMul", in -> in.array(0).matMul(in.array(1))),
          one("Erf", in -> in.array(0).erf()),
          one("Sqrt", in -> in.array(0).sqrt()),
          one("Relu", in -> in.array(0).getNDArrayInternal().relu()),
          one("Sigmoid", in -> in.array(0).getNDArrayInternal().sigmoid()),
          one("Tanh", in -> in.array(0).tanh()),
          one(GELU, Operators::gelu),
          one(
              "Softmax",
              in -> in.array(0).softmax(Operands.axis(in.node().integer("axis", -1), rank(in)))),
          one("Transpose", Operators::transpose),
          one("Reshape", Operators::reshape),
          one("Conv", Operators::convolution),
          one("Gemm", Operators::gemm),
          one("LayerNormalization", Operators::layerNorm),
          Map.entry("Split", Operators::split));

  private Operators() {}

  /**
   * Refuses a graph with operators that cannot be trained.
   *
   * @throws BadInput naming all of them at once
   */
  static void check(String encoder, List<Node> nodes) {
    Set<String> missing = new TreeSet<>();
    nodes.stream()
        .map(Node::operator)
        .filter(operator -> !TABLE.containsKey(operator))
        .forEach(missing::add);
    if (!missing.isEmpty()) {
      throw new BadInput(
          encoder,
          "uses operators that cannot be trained: " + missing,
          "Known: " + new TreeSet<>(TABLE.keySet()));
    }
  }

  /** Runs one node; the outputs are new arrays, in the node's order. */
  static NDList apply(Operands operands) {
    Function<Operands, NDList> operator = TABLE.get(operands.node().operator());
    if (operator == null) {
      throw new IllegalStateException("operator was not checked: " + operands.node().operator());
    }
    return operator.apply(operands);
  }

  private static Map.Entry<String, Function<Operands, NDList>> one(
      String name, Function<Operands, NDArray> operator) {
    return Map.entry(name, in -> new NDList(operator.apply(in)));
  }

  private static int rank(Operands in) {
    return in.array(0).getShape().dimension();
  }

  private static NDArray gelu(Operands in) {
    if (in.node().text("approximate", "none").equals("none")) {
      return in.array(0).getNDArrayInternal().gelu();
    }
    NDArray x = in.array(0);
    NDArray cubic = x.add(Scalars.times(Scalars.power(x, 3), 0.044715));
    NDArray inner = Scalars.times(cubic, Math.sqrt(2 / Math.PI));
    return Scalars.times(x, 0.5).mul(inner.tanh().add(1));
  }

  private static NDArray transpose(Operands in) {
    long[] permutation = in.node().integers("perm");
    return permutation.length == 0
        ? in.array(0).transpose()
        : in.array(0).transpose(Arrays.stream(permutation).mapToInt(Math::toIntExact).toArray());
  }

  /** 0 copies the input's dimension, −1 takes what is left. */
  private static NDArray reshape(Operands in) {
    long[] target = in.integers(1).clone();
    if (in.node().integer("allowzero", 0) == 0) {
      for (int i = 0; i < target.length; i++) {
        target[i] = target[i] == 0 ? in.array(0).getShape().get(i) : target[i];
      }
    }
    return in.array(0).reshape(target);
  }

  private static NDArray convolution(Operands in) {
    long[] spatial = in.array(1).getShape().slice(2).getShape();
    long[] ones = new long[spatial.length];
    Arrays.fill(ones, 1);
    return in.array(0)
        .getNDArrayInternal()
        .convolution(
            in.array(0),
            in.array(1),
            in.arrayOrNull(2),
            new Shape(in.node().integers("strides", ones)),
            new Shape(symmetricPadding(in, spatial.length)),
            new Shape(in.node().integers("dilations", ones)),
            Math.toIntExact(in.node().integer("group", 1)))
        .singletonOrThrow();
  }

  private static long[] symmetricPadding(Operands in, int axes) {
    long[] pads = in.node().integers("pads", new long[2 * axes]);
    String automatic = in.node().text("auto_pad", "NOTSET");
    long[] begin = Arrays.copyOf(pads, axes);
    if (!Arrays.equals(begin, Arrays.copyOfRange(pads, axes, 2 * axes))
        || automatic.startsWith("SAME")) {
      throw new BadInput(
          "Conv '" + in.node().output() + "'",
          "pads unevenly: " + Arrays.toString(pads) + " " + automatic,
          "Export with even padding");
    }
    return begin;
  }

  private static NDArray gemm(Operands in) {
    NDArray a = in.node().integer("transA", 0) == 0 ? in.array(0) : in.array(0).transpose();
    NDArray b = in.node().integer("transB", 0) == 0 ? in.array(1) : in.array(1).transpose();
    NDArray product = Scalars.times(a.matMul(b), in.node().number("alpha", 1));
    NDArray c = in.arrayOrNull(2);
    return c == null
        ? product
        : product.add(c.mul(product.getManager().create(in.node().number("beta", 1))));
  }

  /** Over the dimensions from {@code axis} to the last. */
  private static NDArray layerNorm(Operands in) {
    NDArray x = in.array(0);
    Shape normalized = x.getShape().slice(Operands.axis(in.node().integer("axis", -1), rank(in)));
    NDArray bias = in.arrayOrNull(2);
    NDArray shift = bias == null ? in.array(1).zerosLike() : bias;
    return x.getNDArrayInternal()
        .layerNorm(x, normalized, in.array(1), shift, in.node().number("epsilon", 1e-5f))
        .singletonOrThrow();
  }

  /** Into equal parts, or into parts of the given sizes. */
  private static NDList split(Operands in) {
    int axis = Operands.axis(in.node().integer("axis", 0), rank(in));
    int parts = in.node().outputs().size();
    if (!in.has(1)) {
      return in.array(0).split(parts, axis);
    }
    long[] sizes = in.integers(1);
    long[] starts = new long[parts - 1];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = sizes[i] + (i == 0 ? 0 : starts[i - 1]);
    }
    return in.array(0).split(starts, axis);
  }
}
