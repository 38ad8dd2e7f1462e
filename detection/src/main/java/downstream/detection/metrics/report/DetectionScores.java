package downstream.detection.metrics.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.coco.CocoMetrics;
import downstream.detection.metrics.coco.MatchFile;
import downstream.detection.metrics.coco.MatchStatistics;
import downstream.detection.metrics.coco.MatchTable;
import downstream.eval.BadInput;
import downstream.eval.task.Resampler;
import downstream.eval.task.Score;
import downstream.eval.task.SelfTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Scores of a detection run and what its stored statistics give. Metrics of masks bear the names of
 * those of boxes behind {@code mask}: {@code maskAP50}.
 */
public final class DetectionScores {
  private static final String MASK = "mask";

  private DetectionScores() {}

  /** The names of all metrics, the primary one first; higher is better for each. */
  public static List<String> names() {
    List<String> names = new ArrayList<>(CocoMetrics.names(EvaluatorSettings.COCO.maxDets()));
    List.copyOf(names).forEach(name -> names.add(MASK + name));
    return names;
  }

  /** Reads statistics that {@link DetectionEvaluation#writeStatistics} wrote. */
  public static Resampler resampler(Path statistics) {
    MatchStatistics stored = MatchFile.read(statistics);
    return weights -> resample(statistics, stored, weights);
  }

  private static Score resample(Path statistics, MatchStatistics stored, double[] imageWeights) {
    int images = stored.boxes().images();
    if (imageWeights.length != images) {
      throw new BadInput(
          statistics,
          "holds " + images + " images, found " + imageWeights.length + " weights",
          "Give one weight per image");
    }
    Score boxes = CocoMetrics.score(stored.boxes(), imageWeights);
    return stored
        .masks()
        .map(table -> united(boxes, CocoMetrics.score(table, imageWeights)))
        .orElse(boxes);
  }

  /** The differences of run b from run a: by metric, class, size and kind of error. */
  public static JsonNode explain(Path statisticsA, Path statisticsB) {
    return DetectionComparison.of(MatchFile.read(statisticsA), MatchFile.read(statisticsB));
  }

  /** TIDE's cost of each kind of error of the boxes, {@code tide.Dupe} and its like. */
  public static Map<String, Double> diagnostics(Path statistics) {
    Map<String, Double> costs = new TreeMap<>();
    MatchFile.read(statistics).errors().forEach((kind, cost) -> costs.put("tide." + kind, cost));
    return costs;
  }

  /** Scores the bundled reference cases. */
  public static SelfTest selfTest() {
    return DetectionReferenceCases.test();
  }

  /** The score of boxes and, if there are any, of masks as one. */
  static Score score(MatchTable boxes, Optional<MatchTable> masks) {
    Score score = CocoMetrics.score(boxes);
    return masks.map(table -> united(score, CocoMetrics.score(table))).orElse(score);
  }

  private static Score united(Score boxes, Score masks) {
    Map<String, Optional<Double>> metrics = new LinkedHashMap<>(boxes.metrics());
    masks.metrics().forEach((name, value) -> metrics.put(MASK + name, value));
    JsonNode perClass = boxes.perClass().deepCopy();
    for (Map.Entry<String, JsonNode> row : masks.perClass().properties()) {
      if (perClass.get(row.getKey()) instanceof ObjectNode both) {
        row.getValue()
            .properties()
            .forEach(
                metric -> {
                  if (!metric.getKey().equals(CocoMetrics.OBJECTS)) {
                    both.set(MASK + metric.getKey(), metric.getValue());
                  }
                });
      }
    }
    List<String> warnings = new ArrayList<>(boxes.warnings());
    masks.warnings().stream().filter(warning -> !warnings.contains(warning)).forEach(warnings::add);
    return new Score(metrics, perClass, boxes.counts(), warnings);
  }

  /** The score of boxes with every metric of masks empty, and the reason as a warning. */
  static Score withoutMasks(Score boxes, String why) {
    Map<String, Optional<Double>> metrics = new LinkedHashMap<>(boxes.metrics());
    boxes.metrics().keySet().forEach(name -> metrics.put(MASK + name, Optional.empty()));
    List<String> warnings = new ArrayList<>(boxes.warnings());
    warnings.add("masks were not scored: " + why);
    return new Score(metrics, boxes.perClass(), boxes.counts(), warnings);
  }
}
