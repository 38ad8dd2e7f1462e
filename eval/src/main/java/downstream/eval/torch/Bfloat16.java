package downstream.eval.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/** Support of a device for products in bfloat16. */
public final class Bfloat16 {
  private Bfloat16() {}

  /**
   * Tells whether the manager's device has fast products in bfloat16: a GPU, or a processor for
   * which PyTorch's library of kernels (oneDNN) says so. Elsewhere they would take many times as
   * long as in float32; there operands are rounded to bfloat16, multiplied in float32, and the
   * results are rounded: the same numbers but for the order of sums, at about the speed of float32.
   */
  public static boolean isFast(NDManager manager) {
    if (manager.getDevice().isGpu()) {
      return true;
    }
    List<String> body =
        List.of(
            "fast = ops.mkldnn._is_mkldnn_bf16_supported()",
            "if fast:",
            "  r = torch.ones_like(x[0])",
            "else:",
            "  r = torch.zeros_like(x[0])");
    try (NDManager scope = manager.newSubManager();
        TorchScript asked = TorchScript.of(scope, List.of("x"), body, List.of("r"))) {
      NDArray argument = scope.zeros(new Shape(1));
      return asked.call(scope, List.of(argument)).get(0).getFloat() != 0;
    }
  }
}
