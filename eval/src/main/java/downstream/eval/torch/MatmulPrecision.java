package downstream.eval.torch;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.LibUtils;
import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import downstream.eval.BadInput;
import java.io.File;
import java.util.Optional;

/**
 * PyTorch's precision of products of float32 arrays, a setting of the process ({@code
 * torch.set_float32_matmul_precision}) that DJL does not reach.
 */
final class MatmulPrecision {
  private static final String CONTEXT = "_ZN2at13globalContextEv";
  private static final String PRODUCTS =
      "_ZN2at7Context25setFloat32MatmulPrecisionENS_22Float32MatmulPrecisionE";
  private static final String CONVOLUTIONS = "_ZN2at7Context17setAllowTF32CuDNNEb";
  private static final int HIGHEST = 0;
  private static final int HIGH = 1;
  private static final int MEDIUM = 2;

  /** The engine's own is float32, but for convolutions on GPUs: there it has to be set. */
  private static Optional<Precision> current =
      Engine.getInstance().getGpuCount() > 0 ? Optional.empty() : Optional.of(Precision.FLOAT32);

  private MatmulPrecision() {}

  /**
   * Sets it: float32 exactly; tf32 on GPUs; bfloat16 inside products where the processor has
   * instructions for it.
   *
   * @throws BadInput if this system's library of PyTorch does not let it be set
   */
  static synchronized void set(Precision precision) {
    if (current.equals(Optional.of(precision))) {
      return;
    }
    try {
      change(precision);
    } catch (UnsatisfiedLinkError e) {
      throw new BadInput(
          "precision",
          "PyTorch's library on this system has no function that sets it (" + e.getMessage() + ")",
          "Use float32 on a CPU, or run on Linux",
          e);
    }
    current = Optional.of(precision);
  }

  private static void change(Precision precision) {
    NativeLibrary library = NativeLibrary.getInstance(path());
    Pointer context = library.getFunction(CONTEXT).invokePointer(new Object[0]);
    Function products = library.getFunction(PRODUCTS);
    Function convolutions = library.getFunction(CONVOLUTIONS);
    products.invokeVoid(new Object[] {context, level(precision)});
    convolutions.invokeVoid(new Object[] {context, (byte) (precision == Precision.TF32 ? 1 : 0)});
  }

  private static int level(Precision precision) {
    return switch (precision) {
      case FLOAT32, FLOAT64 -> HIGHEST;
      case TF32 -> HIGH;
      case BFLOAT16 -> MEDIUM;
    };
  }

  private static String path() {
    return new File(LibUtils.getLibtorchPath(), System.mapLibraryName("torch_cpu")).getPath();
  }
}
