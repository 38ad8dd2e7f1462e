package downstream.pretrain.mining.pairs;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_nolapack;

/** Matrix products by OpenBLAS, one thread each: callers are the parallelism. */
final class Gemm {
  static {
    org.bytedeco.openblas.presets.openblas_nolapack.blas_set_num_threads(1);
  }

  private Gemm() {}

  /**
   * All inner products of the rows of two matrices, row-major float32.
   *
   * @param left rows × width
   * @param right columns × width
   * @param result rows × columns, overwritten
   */
  static void innerProducts(
      FloatPointer left,
      int rows,
      FloatPointer right,
      int columns,
      int width,
      FloatPointer result) {
    openblas_nolapack.cblas_sgemm(
        openblas_nolapack.CblasRowMajor,
        openblas_nolapack.CblasNoTrans,
        openblas_nolapack.CblasTrans,
        rows,
        columns,
        width,
        1,
        left,
        width,
        right,
        width,
        0,
        result,
        columns);
  }
}
