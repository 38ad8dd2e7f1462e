package downstream.detection.heads;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * What torchvision 0.14 makes of seeded inputs, as {@code tools/torchvision-vectors.py} wrote it.
 */
public final class TorchvisionValues {
  private static final JsonNode RECORDED = read();

  private TorchvisionValues() {}

  private static JsonNode read() {
    try (InputStream file = TorchvisionValues.class.getResourceAsStream("torchvision.json")) {
      return Json.MAPPER.readTree(Objects.requireNonNull(file));
    } catch (IOException e) {
      throw new UncheckedIOException("torchvision.json cannot be read", e);
    }
  }

  /** The numbers at a JSON pointer; fails where there are none. */
  public static float[] floats(String pointer) {
    return Json.MAPPER.convertValue(RECORDED.requiredAt(pointer), float[].class);
  }

  /** The whole numbers at a JSON pointer. */
  static int[] ints(String pointer) {
    return Json.MAPPER.convertValue(RECORDED.requiredAt(pointer), int[].class);
  }

  /** The number at a JSON pointer. */
  public static float number(String pointer) {
    return RECORDED.requiredAt(pointer).floatValue();
  }
}
