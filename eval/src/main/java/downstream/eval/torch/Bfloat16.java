package downstream.eval.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.Lazy;
import java.util.List;

/**
 * Products in bfloat16 of float32 arrays, as scripts write them. A GPU multiplies bfloat16
 * operands, and so does a processor for which PyTorch's library of kernels (oneDNN) says that it is
 * fast. Any other would take many times as long as in float32; there operands are rounded to
 * bfloat16, multiplied in float32, and the results are rounded: the same numbers but for the order
 * of sums.
 */
public final class Bfloat16 {
  private static final Lazy<Boolean> FAST_PROCESSOR = Lazy.of(Bfloat16::askProcessor);

  private Bfloat16() {}

  /** Tells whether the manager's device multiplies bfloat16 operands fast. */
  public static boolean isFast(NDManager manager) {
    return manager.getDevice().isGpu() || FAST_PROCESSOR.get();
  }

  private static boolean askProcessor() {
    List<String> body =
        List.of(
            "fast = ops.mkldnn._is_mkldnn_bf16_supported()",
            "if fast:",
            "  r = torch.ones_like(x[0])",
            "else:",
            "  r = torch.zeros_like(x[0])");
    try (NDManager scope = NDManager.newBaseManager(ai.djl.Device.cpu());
        TorchScript asked = TorchScript.of(scope, List.of("x"), body, List.of("r"))) {
      NDArray argument = scope.zeros(new Shape(1));
      return asked.call(scope, List.of(argument)).get(0).getFloat() != 0;
    }
  }

  /**
   * Returns the expression of a float32 operand of a product.
   *
   * @param fast whether the product is one of bfloat16 operands
   */
  public static String operand(String expression, boolean fast) {
    String rounded = ScriptType.BFLOAT16.convert(expression);
    return fast ? rounded : ScriptType.FLOAT32.convert(rounded);
  }

  /** Returns the expression of a product's result in float32, rounded to bfloat16. */
  public static String result(String expression) {
    return ScriptType.FLOAT32.convert(ScriptType.BFLOAT16.convert(expression));
  }
}
