package downstream.eval.run;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Facts that the build stored about itself: version, commit, versions of the engines. */
public final class Build {
  private static final String RESOURCE = "build.properties";

  private final Properties properties;

  private Build(Properties properties) {
    this.properties = properties;
  }

  /** Reads what the build of this program wrote down. */
  public static Build current() {
    Properties properties = new Properties();
    try (InputStream in = Build.class.getResourceAsStream(RESOURCE)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + RESOURCE, e);
    }
    return new Build(properties);
  }

  /**
   * Returns one entry, {@code "unknown"} where the build could not fill it in (a source tree
   * without git).
   *
   * @param key {@code version}, {@code commit}, {@code dirty}, {@code djl}, {@code pytorch}, {@code
   *     onnxruntime} or {@code opencv}
   */
  public String get(String key) {
    String value = properties.getProperty(key, "unknown");
    return value.isEmpty() || value.startsWith("${") ? "unknown" : value;
  }
}
