package downstream.eval.train;

import ai.djl.ndarray.NDArray;
import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.Digest;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Checkpoint of a training: the next step and every array by name, as raw float32. All else derives
 * from seed and step, so a resumed run ends with the same weights.
 */
final class Checkpoint {
  private static final String FORMAT = "downstream-checkpoint-1";

  private Checkpoint() {}

  /**
   * @param identity what is being trained; a checkpoint of anything else is refused
   * @param step the next one to do
   */
  static void write(Path file, String identity, int step, Map<String, NDArray> arrays) {
    AtomicFile.write(
        file,
        out -> {
          DataOutputStream data = new DataOutputStream(new BufferedOutputStream(out));
          data.writeUTF(FORMAT);
          data.writeUTF(identity);
          data.writeInt(step);
          data.writeInt(arrays.size());
          for (Map.Entry<String, NDArray> entry : arrays.entrySet()) {
            byte[] bytes = bytes(entry.getValue());
            data.writeUTF(entry.getKey());
            data.writeInt(bytes.length);
            data.write(bytes);
          }
          data.flush();
        });
  }

  /**
   * Fills the arrays from a checkpoint.
   *
   * @return the next step to do
   * @throws BadInput if the file is of another training, or damaged
   */
  static int read(Path file, String identity, Map<String, NDArray> arrays) {
    try (DataInputStream data =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      if (!data.readUTF().equals(FORMAT) || !data.readUTF().equals(identity)) {
        throw new BadInput(
            file,
            "belongs to another training (other weights, data or settings)",
            "Use another output folder");
      }
      int step = data.readInt();
      int count = data.readInt();
      for (int i = 0; i < count; i++) {
        fill(file, arrays.get(data.readUTF()), data.readNBytes(data.readInt()));
      }
      return step;
    } catch (IOException e) {
      throw new BadInput(
          file, "is incomplete or damaged (" + e + ")", "Delete it to start again", e);
    }
  }

  private static void fill(
      Path file, @org.jspecify.annotations.Nullable NDArray array, byte[] bytes) {
    if (array == null || array.size() * 4 != bytes.length) {
      throw new BadInput(
          file, "its arrays do not match those of this training", "Use another output folder");
    }
    float[] values = new float[bytes.length / 4];
    ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
    array.set(values);
  }

  /** Digest over names and values. */
  static String digest(Map<String, NDArray> arrays) {
    Digest digest = new Digest();
    arrays.forEach((name, array) -> digest.add(name).add(bytes(array)));
    return digest.hex();
  }

  private static byte[] bytes(NDArray array) {
    float[] values = array.toFloatArray();
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }
}
