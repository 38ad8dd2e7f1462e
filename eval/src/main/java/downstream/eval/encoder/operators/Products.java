package downstream.eval.encoder.operators;

import downstream.eval.BadInput;

/** Matrix products and what is made of them. */
final class Products {
  private Products() {}

  static String matrix(Operands in) {
    return Code.call("matmul", in.code(0), in.code(1));
  }

  /**
   * Gemm: alpha · A · B + beta · C, either matrix transposed if so wished. Untransposed, A and B
   * may have any rank that a MatMul takes.
   */
  static String general(Operands in) {
    String a = in.node().integer("transA", 0) == 0 ? in.code(0) : turned(in.code(0));
    boolean transposed = in.node().integer("transB", 0) != 0;
    double alpha = in.node().number("alpha", 1);
    double beta = in.node().number("beta", 1);
    boolean vector = in.has(2) && beta == 1 && in.rank(2) == 1;
    if (in.rank(1) == 2 && alpha == 1 && (!in.has(2) || vector)) {
      String rows = transposed ? in.code(1) : turned(in.code(1));
      long width = in.shape(1).get(transposed ? 0 : 1);
      boolean fits = in.has(2) && in.shape(2).size() == width;
      String y = Code.call("linear", a, rows, fits ? in.code(2) : Code.NONE);
      return fits || !in.has(2) ? y : Code.call("add", y, in.code(2));
    }
    String product = Code.call("matmul", a, transposed ? turned(in.code(1)) : in.code(1));
    String scaled = alpha == 1 ? product : Code.call("mul", product, alpha);
    return in.has(2) ? Code.call("add", scaled, in.code(2), "alpha=" + Code.number(beta)) : scaled;
  }

  private static String turned(String matrix) {
    return Code.call("transpose", matrix, -2, -1);
  }

  /** Einsum: the engine knows the same notation. */
  static String einsum(Operands in) {
    String equation = in.node().text("equation", "").replace(" ", "");
    int arrow = equation.indexOf("->");
    String left = arrow < 0 ? equation : equation.substring(0, arrow);
    if (left.split(",", -1).length != in.count()) {
      throw new BadInput(
          in.node().toString(),
          "has " + in.count() + " inputs for '" + equation + "'",
          "Export the encoder again, with one input for each term");
    }
    return Code.call("einsum", '"' + equation + '"', Code.list(in.codes()));
  }

  /**
   * Attention, which {@code AttentionFusion} puts in the place of its nodes: queries [..., T, d],
   * keys turned round [..., d, S], values [..., S, e] and, if there is one, a mask that is added to
   * the scores.
   */
  static String attention(Operands in) {
    String mask = in.has(3) ? in.code(3) : Code.NONE;
    return Code.call(
        "scaled_dot_product_attention",
        in.code(0),
        turned(in.code(1)),
        in.code(2),
        mask,
        0.0,
        false,
        "scale=" + Code.number(in.node().number("scale", 1)));
  }
}
