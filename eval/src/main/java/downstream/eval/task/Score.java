package downstream.eval.task;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The metrics of one set of predictions.
 *
 * @param metrics name to value; empty where it cannot be computed
 * @param perClass class name to its metrics (metric name to value or null)
 * @param counts images, ground-truth objects, predictions, dropped ones
 * @param warnings whatever changed or could change a metric
 */
public record Score(
    Map<String, Optional<Double>> metrics,
    JsonNode perClass,
    Map<String, Long> counts,
    List<String> warnings) {
  public Score {
    metrics = java.util.Collections.unmodifiableMap(new TreeMap<>(metrics));
    counts = java.util.Collections.unmodifiableMap(new TreeMap<>(counts));
    warnings = List.copyOf(warnings);
  }
}
