package downstream.eval.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A function in TorchScript, the subset of Python that PyTorch itself runs. It reaches every ATen
 * operator, and one call runs all of the function's operators; autograd records them where
 * gradients are recorded.
 *
 * <p>The code is that of a serialised module: {@code torch.NAME} for operators of the Python
 * interface, {@code ops.aten.NAME} for all others; types and memory formats are numbers ({@link
 * ScriptType}, {@link #CHANNELS_LAST}).
 */
public final class TorchScript implements AutoCloseable {
  /** The number of the memory format in which the channels of a pixel are neighbours. */
  public static final int CHANNELS_LAST = 2;

  private static final String HEADER =
      "class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n";

  /** Version of the operators' signatures: PyTorch 1.12 and later. */
  private static final String FORMAT_VERSION = "10\n";

  /** A pickled object of class M without attributes but {@code training}. */
  private static final String PICKLE =
      "\u0080\2c__torch__\nM\nq\0)\u0081}(X\10\0\0\0trainingq\1\u0088ub.";

  private final PtSymbolBlock block;
  private final int parameters;

  private TorchScript(PtSymbolBlock block, int parameters) {
    this.block = block;
    this.parameters = parameters;
  }

  /**
   * Compiles a function.
   *
   * @param manager owns the function
   * @param parameters names of the parameters, each a {@code List[Tensor]}
   * @param body statements without indentation, one a line
   * @param results names or expressions of the arrays that it returns
   */
  public static TorchScript of(
      NDManager manager, List<String> parameters, List<String> body, List<String> results) {
    StringBuilder code = new StringBuilder(HEADER).append("  def forward(self: __torch__.M");
    parameters.forEach(name -> code.append(",\n    ").append(name).append(": List[Tensor]"));
    code.append(") -> List[Tensor]:\n");
    body.forEach(line -> code.append("    ").append(line).append('\n'));
    code.append("    return [").append(String.join(", ", results)).append("]\n");
    try {
      InputStream archive = new ByteArrayInputStream(archive(code.toString()));
      return new TorchScript(
          JniUtils.loadModule((PtNDManager) manager, archive, false, false), parameters.size());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs the function.
   *
   * @param scope owns the results
   * @param arguments for each parameter its arrays, at least one; no array stands in two lists
   * @return the function's results in order
   */
  @SafeVarargs
  public final List<NDArray> call(NDManager scope, List<? extends NDArray>... arguments) {
    if (arguments.length != parameters) {
      throw new IllegalArgumentException(
          arguments.length + " arguments for " + parameters + " parameters");
    }
    NDList arrays = new NDList();
    List<@Nullable String> names = new ArrayList<>();
    for (int i = 0; i < arguments.length; i++) {
      for (NDArray array : arguments[i]) {
        names.add(array.getName());
        array.setName("p" + i + "[]"); // the engine gathers arrays of such a name into one list
        arrays.add(array);
      }
    }
    try {
      JniUtils.setGraphExecutorOptimize(false); // of this thread: the operators run as written
      NDList results = IValueUtils.forward(block, arrays, true);
      results.attach(scope);
      return results;
    } finally {
      IntStream.range(0, names.size()).forEach(i -> arrays.get(i).setName(names.get(i)));
    }
  }

  @Override
  public void close() {
    block.close();
  }

  /** The zip of a serialised module: the code as text, and an object of it. */
  private static byte[] archive(String code) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setMethod(ZipOutputStream.STORED);
      put(zip, "m/data.pkl", PICKLE.getBytes(StandardCharsets.ISO_8859_1));
      put(zip, "m/code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
      put(zip, "m/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
      put(zip, "m/version", FORMAT_VERSION.getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    ZipEntry entry = new ZipEntry(name);
    entry.setSize(bytes.length);
    entry.setCompressedSize(bytes.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }
}
