package downstream.eval.train.optimiser;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;

/**
 * Arithmetic with plain numbers inside autograd. DJL's own {@code mul}, {@code div} and {@code pow}
 * of a number wrap it in memory that is free for reuse as soon as the call returns, while autograd
 * still reads it in the backward pass: now and then a gradient comes out infinite (docs/adr/0004).
 * Here the engine holds the number in memory of its own.
 */
public final class Scalars {
  private Scalars() {}

  /** {@code x · factor}. */
  public static NDArray times(NDArray x, double factor) {
    return x.mul(constant(x, factor));
  }

  /** {@code x / divisor}. */
  public static NDArray over(NDArray x, double divisor) {
    return x.div(constant(x, divisor));
  }

  /** {@code x ^ exponent}, element by element. */
  public static NDArray power(NDArray x, double exponent) {
    return x.pow(constant(x, exponent));
  }

  private static NDArray constant(NDArray x, double value) {
    return JniUtils.full(
        (PtNDManager) x.getManager(),
        new Shape(),
        value,
        x.getDataType(),
        x.getDevice(),
        SparseFormat.DENSE);
  }
}
