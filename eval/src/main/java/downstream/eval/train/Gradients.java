package downstream.eval.train;

import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;

/** Scopes within which computations are recorded for gradients, or are not. */
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
}
