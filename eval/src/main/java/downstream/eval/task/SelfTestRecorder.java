package downstream.eval.task;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Digest;
import downstream.eval.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Holds an evaluator's figures against known answers, one by one, and sums up how it fared. */
public final class SelfTestRecorder {
  private static final double TOLERANCE = 1e-9;

  private final Digest digest = new Digest();
  private int cases;
  private int figures;
  private double largest;
  private String worst = "";

  /** The known answers that lie in a task's jar. */
  public static JsonNode bundled(Class<?> task, String resource) {
    try (InputStream in = task.getResourceAsStream(resource)) {
      return Json.MAPPER.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(resource + " cannot be read", e);
    }
  }

  /** Another case is put through. */
  public void nextCase() {
    cases++;
  }

  /** What came out besides figures, and belongs to the digest. */
  public void came(String text) {
    digest.add(text);
  }

  /**
   * Another figure.
   *
   * @param name with that of its case
   * @param found as text
   * @param deviation from the known answer; NaN where they cannot be compared
   */
  public void figure(String name, String found, double deviation) {
    figures++;
    digest.add(name).add(found);
    double known = Double.isNaN(deviation) ? Double.POSITIVE_INFINITY : deviation;
    if (known > largest) {
      largest = known;
      worst = name;
    }
  }

  /** What all of it gave. */
  public SelfTest result(String version) {
    return new SelfTest(version, cases, figures, largest, worst, TOLERANCE, digest.hex());
  }
}
