package downstream.eval.torch;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.LibUtils;
import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.File;

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

  private MatmulPrecision() {}

  /**
   * Sets it: float32 exactly; tf32 on GPUs; bfloat16 inside products where the processor has
   * instructions for it.
   */
  static synchronized void set(Precision precision) {
    Engine.getInstance(); // loads the library
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
