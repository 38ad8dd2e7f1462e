package downstream.eval.train;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;

/** Gradients: whether what is computed is recorded for them, and how large they are. */
public final class Gradients {
  private Gradients() {}

  /** Runs {@code work} without recording gradients: the results are constants. */
  public static <T> T without(Supplier<T> work) {
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(false);
    try {
      return work.get();
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  /** Runs as {@link #without}, for work that gives nothing. */
  public static void doWithout(Runnable work) {
    without(
        () -> {
          work.run();
          return true;
        });
  }

  static float sumOfSquares(NDArray gradient) {
    try (NDArray square = gradient.square();
        NDArray sum = square.sum()) {
      return sum.getFloat();
    }
  }
}
