package downstream.eval.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import downstream.eval.AtomicFile;
import downstream.eval.Digest;
import downstream.eval.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The first steps of a training, done twice from the same start: what came out the first time, and
 * how far the second time was from it.
 */
final class DeterminismCheck {
  /** Keys of a log line that are no results of the step. */
  private static final Set<String> NO_RESULT = Set.of("step", "rate", TrainingLoop.OBSERVED);

  private final int steps;
  private final List<List<Integer>> batches = new ArrayList<>();
  private final List<Map<String, Object>> first = new ArrayList<>();
  private final List<Map<String, Object>> second = new ArrayList<>();

  DeterminismCheck(int steps) {
    this.steps = steps;
  }

  /**
   * Stored report of the check.
   *
   * @param bitExact whether every loss term and gradient norm was the same to the last bit
   * @param lossDigests of the first and of the second time
   * @param lossSpread largest difference of a total loss
   * @param gradientSpread largest difference of a gradient's norm
   * @param firstBatches the examples of each step
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record DeterminismReport(
      int steps,
      boolean bitExact,
      List<String> lossDigests,
      double lossSpread,
      double gradientSpread,
      List<List<Integer>> firstBatches) {}

  /** Copies all arrays, so that the training can return to them. */
  static Map<String, NDArray> copies(Map<String, NDArray> arrays, NDManager owner) {
    Map<String, NDArray> copies = new TreeMap<>();
    for (Map.Entry<String, NDArray> entry : arrays.entrySet()) {
      NDArray copy = entry.getValue().duplicate();
      copy.attach(owner);
      copies.put(entry.getKey(), copy);
    }
    return copies;
  }

  void first(int[] batch, Map<String, Object> line) {
    batches.add(Arrays.stream(batch).boxed().toList());
    first.add(line);
  }

  /** The same step again; after the last one the report is written. */
  void again(Map<String, Object> line, Path folder) {
    if (second.size() == steps) {
      return;
    }
    second.add(line);
    if (second.size() == steps) {
      AtomicFile.write(folder.resolve(TrainingLoop.DETERMINISM_FILE), Json.pretty(report()));
    }
  }

  private DeterminismReport report() {
    List<String> digests = List.of(digest(first), digest(second));
    return new DeterminismReport(
        steps,
        digests.get(0).equals(digests.get(1)),
        digests,
        spread("total"),
        spread("grad_norm"),
        batches);
  }

  private static String digest(List<Map<String, Object>> lines) {
    Digest digest = new Digest();
    for (Map<String, Object> line : lines) {
      line.forEach(
          (name, value) -> {
            if (!NO_RESULT.contains(name)) {
              digest.add(name).add(value.toString());
            }
          });
    }
    return digest.hex();
  }

  private double spread(String name) {
    double largest = 0;
    for (int step = 0; step < steps; step++) {
      double difference = number(first.get(step), name) - number(second.get(step), name);
      largest = Math.max(largest, Math.abs(difference));
    }
    return largest;
  }

  private static double number(Map<String, Object> line, String name) {
    return line.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
  }
}
