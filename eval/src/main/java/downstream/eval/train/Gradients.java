package downstream.eval.train;

import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;

/** Whether what is computed is recorded for a backward pass. */
public final class Gradients {
  private Gradients() {}

  /** What {@code work} gives, none of it recorded: the results are constants. */
  public static <T> T without(Supplier<T> work) {
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(false);
    try {
      return work.get();
    } finally {
      JniUtils.setGradMode(before);
    }
  }
}
