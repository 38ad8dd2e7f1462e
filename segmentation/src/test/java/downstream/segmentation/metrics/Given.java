package downstream.segmentation.metrics;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What tests of this module are written with. */
public final class Given {
  private Given() {}

  /** Values of pixels, 0 to 255. */
  public static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  /** The metric of that name, which must be there. */
  public static Optional<Double> metric(Map<String, Optional<Double>> metrics, String name) {
    return Objects.requireNonNull(metrics.get(name), name);
  }
}
