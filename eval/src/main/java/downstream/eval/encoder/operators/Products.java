package downstream.eval.encoder.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.jni.JniUtils;
import downstream.eval.train.optimiser.Scalars;
import org.jspecify.annotations.Nullable;

/** Matrix products. */
final class Products {
  private Products() {}

  static NDArray matrix(Operands in) {
    return JniUtils.matmul(Torch.of(in.array(0)), Torch.of(in.array(1)));
  }

  /**
   * Gemm: alpha · A · B + beta · C, either matrix transposed if so wished. Untransposed, A and B
   * may have any rank that a MatMul takes ({@link LinearFusion}).
   */
  static NDArray general(Operands in) {
    NDArray a = in.node().integer("transA", 0) == 0 ? in.array(0) : in.array(0).transpose();
    boolean transposed = in.node().integer("transB", 0) != 0;
    NDArray c = in.arrayOrNull(2);
    double alpha = in.node().number("alpha", 1);
    double beta = in.node().number("beta", 1);
    boolean matrix = in.array(1).getShape().dimension() == 2;
    if (matrix && alpha == 1 && (c == null || (beta == 1 && c.getShape().dimension() == 1))) {
      NDArray rows = transposed ? in.array(1) : in.array(1).transpose();
      return linear(a, rows, c);
    }
    NDArray product = a.matMul(transposed ? in.array(1).transpose() : in.array(1));
    NDArray scaled = alpha == 1 ? product : Scalars.times(product, alpha);
    return c == null ? scaled : scaled.add(beta == 1 ? c : Scalars.times(c, beta));
  }

  private static NDArray linear(NDArray x, NDArray rows, @Nullable NDArray bias) {
    boolean fits = bias == null || bias.size() == rows.getShape().get(0);
    NDArray y =
        JniUtils.linear(Torch.of(x), Torch.of(rows), fits && bias != null ? Torch.of(bias) : null);
    return fits || bias == null ? y : y.add(bias);
  }
}
