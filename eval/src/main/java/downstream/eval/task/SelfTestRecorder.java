package downstream.eval.task;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Digest;
import downstream.eval.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Compares an evaluator's metrics with reference values, one by one, and sums up the result. */
public final class SelfTestRecorder {
  private static final double TOLERANCE = 1e-9;

  private final Digest digest = new Digest();
  private int cases;
  private int metrics;
  private double largest;
  private String worst = "";

  /** The reference cases in a task's jar. */
  public static JsonNode bundled(Class<?> task, String resource) {
    try (InputStream in = task.getResourceAsStream(resource)) {
      return Json.MAPPER.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(resource + " cannot be read", e);
    }
  }

  /** Starts another case. */
  public void nextCase() {
    cases++;
  }

  /** Adds output that is no metric to the digest. */
  public void output(String text) {
    digest.add(text);
  }

  /**
   * Compares two JSON values: numbers by their difference, anything else by equality. A missing
   * value, or null ("undefined"), is not 0.
   *
   * @param name with that of its case
   */
  public void compare(String name, JsonNode found, JsonNode expected) {
    String text = found.isNumber() ? found.asText() : found.toString();
    boolean numbers = found.isNumber() && expected.isNumber();
    double other = found.equals(expected) ? 0 : Double.NaN;
    double deviation = numbers ? Math.abs(found.doubleValue() - expected.doubleValue()) : other;
    compare(name, text, deviation);
  }

  /**
   * Adds another metric.
   *
   * @param name with that of its case
   * @param found as text
   * @param deviation from the reference value; NaN where they cannot be compared
   */
  public void compare(String name, String found, double deviation) {
    metrics++;
    digest.add(name).add(found);
    double known = Double.isNaN(deviation) ? Double.POSITIVE_INFINITY : deviation;
    if (known > largest) {
      largest = known;
      worst = name;
    }
  }

  /** Sums up all cases. */
  public SelfTest result(String version) {
    return new SelfTest(version, cases, metrics, largest, worst, TOLERANCE, digest.hex());
  }
}
