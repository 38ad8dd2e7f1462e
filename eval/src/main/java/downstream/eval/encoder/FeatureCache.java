package downstream.eval.encoder;

import downstream.eval.BadInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.function.Supplier;

/** Float values on disk by key; a file that is missing or of the wrong length is computed again. */
final class FeatureCache {
  private final Path folder;

  FeatureCache(Path folder) {
    this.folder = folder;
  }

  /**
   * @param key hexadecimal digits
   * @param lengths how long each array must be
   */
  float[][] get(String key, int[] lengths, Supplier<float[][]> compute) {
    Path file = folder.resolve(key.substring(0, 2)).resolve(key + ".f32");
    try {
      if (Files.exists(file) && Files.size(file) == 4L * Arrays.stream(lengths).sum()) {
        return read(file, lengths);
      }
      float[][] values = compute.get();
      write(file, values);
      return values;
    } catch (IOException e) {
      throw new BadInput(
          file, "cannot be used as a feature cache (" + e + ")", "Check the disk", e);
    }
  }

  private static float[][] read(Path file, int[] lengths) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    float[][] values = new float[lengths.length][];
    for (int i = 0; i < lengths.length; i++) {
      values[i] = new float[lengths[i]];
      bytes.asFloatBuffer().get(values[i]);
      bytes.position(bytes.position() + 4 * lengths[i]);
    }
    return values;
  }

  /** Without a flush to disk: what a crash loses is computed again. */
  private static void write(Path file, float[][] values) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * Arrays.stream(values).mapToInt(v -> v.length).sum());
    for (float[] value : values) {
      bytes.asFloatBuffer().put(value);
      bytes.position(bytes.position() + 4 * value.length);
    }
    Path target = Files.createDirectories(file.resolveSibling("")).resolve(file.getFileName());
    Path part = Files.createTempFile(target.getParent(), ".", ".part");
    Files.write(part, bytes.array());
    Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
  }
}
