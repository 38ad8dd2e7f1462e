package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.train.optimiser.Weight;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The file of MAE's decoder beside an encoder, in the safetensors format. IOCA's image loss
 * continues with it.
 */
public final class DecoderFile {
  private DecoderFile() {}

  /** The path of the file. */
  static Path beside(Path encoder) {
    return EncoderFile.beside(encoder, ".decoder.safetensors");
  }

  /** Tells whether an encoder has such a file beside it. */
  public static boolean isBeside(Path encoder) {
    return Files.exists(beside(encoder));
  }

  /** Writes the weights by name. */
  public static void write(Path encoder, List<Weight> weights) {
    try (NDManager manager = weights.get(0).array().getManager().newSubManager()) {
      NDList arrays = new NDList();
      for (Weight weight : weights) {
        NDArray array = manager.create(weight.array().toFloatArray(), weight.array().getShape());
        array.setName(weight.name());
        arrays.add(array);
      }
      AtomicFile.write(beside(encoder), out -> arrays.encode(out, NDList.Encoding.SAFETENSORS));
    }
  }

  /**
   * Fills the weights from the file beside an encoder; leaves them as they are if there is none.
   *
   * @throws BadInput if it holds other arrays, or cannot be read
   */
  public static void restore(Path encoder, List<Weight> weights) {
    Path file = beside(encoder);
    if (Files.notExists(file)) {
      return;
    }
    try (NDManager manager = weights.get(0).array().getManager().newSubManager();
        InputStream in = Files.newInputStream(file)) {
      Map<String, NDArray> arrays = new HashMap<>();
      NDList.decode(manager, in).forEach(array -> arrays.put(array.getName(), array));
      for (Weight weight : weights) {
        NDArray array = arrays.get(weight.name());
        if (array == null || !array.getShape().equals(weight.array().getShape())) {
          throw otherSizes(file, weight);
        }
        array.copyTo(weight.array());
      }
    } catch (IOException | RuntimeException e) {
      throw e instanceof BadInput bad ? bad : damaged(file, e);
    }
  }

  private static BadInput otherSizes(Path file, Weight weight) {
    return new BadInput(
        file,
        "holds no " + weight.name() + " of shape " + weight.array().getShape(),
        "Set decoder.width, depth and heads as in stage 1, or move the file: the decoder then"
            + " starts from random weights");
  }

  private static BadInput damaged(Path file, Exception cause) {
    return new BadInput(
        file,
        "is not a complete safetensors file (" + cause + ")",
        "Train stage 1 again, or move the file: the decoder then starts from random weights",
        cause);
  }
}
