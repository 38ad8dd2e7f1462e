package downstream.detection.metrics.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.detection.metrics.coco.MatchStatistics;
import downstream.eval.Json;
import downstream.eval.run.PairedValue;
import downstream.eval.task.Score;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Two runs side by side: metrics, classes by size, and the cost of each kind of error. */
final class DetectionComparison {
  private DetectionComparison() {}

  static JsonNode of(MatchStatistics first, MatchStatistics second) {
    Score a = DetectionScores.score(first.boxes(), first.masks());
    Score b = DetectionScores.score(second.boxes(), second.masks());
    ObjectNode explained = Json.MAPPER.createObjectNode();
    ObjectNode metrics = explained.putObject("metrics");
    for (String name : new TreeSet<>(a.metrics().keySet())) {
      metrics.set(name, new PairedValue(value(a.metrics(), name), value(b.metrics(), name)).json());
    }
    ObjectNode perClass = explained.putObject("per_class");
    for (Map.Entry<String, JsonNode> row : a.perClass().properties()) {
      ObjectNode metricsOfClass = perClass.putObject(row.getKey());
      for (String name : List.of("AP", "APs", "APm", "APl")) {
        metricsOfClass.set(
            name,
            new PairedValue(
                    value(row.getValue().path(name)),
                    value(b.perClass().path(row.getKey()).path(name)))
                .json());
      }
    }
    ObjectNode errors = explained.putObject("errors");
    new TreeMap<>(first.errors())
        .forEach(
            (kind, cost) ->
                errors.set(
                    kind,
                    new PairedValue(
                            Optional.of(cost), Optional.ofNullable(second.errors().get(kind)))
                        .json()));
    return explained;
  }

  private static Optional<Double> value(Map<String, Optional<Double>> metrics, String name) {
    return metrics.getOrDefault(name, Optional.empty());
  }

  private static Optional<Double> value(JsonNode node) {
    return node.isNumber() ? Optional.of(node.doubleValue()) : Optional.empty();
  }
}
