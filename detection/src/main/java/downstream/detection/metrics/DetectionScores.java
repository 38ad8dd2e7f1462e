package downstream.detection.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.data.ImageSet;
import downstream.eval.run.Score;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * All that the stored predictions of a run are good for: scores, statistics for a bootstrap, a
 * comparison of two runs, pictures. No engine is loaded.
 */
public final class DetectionScores {
  private DetectionScores() {}

  /** The names of the figures, the primary one first; higher is better for each. */
  public static List<String> names() {
    return CocoMetrics.names(EvaluatorSettings.COCO.maxDets());
  }

  /**
   * Scores a COCO results file against a split.
   *
   * @throws BadInput if it is no such file, or names what the split does not have
   */
  public static Score score(Path predictions, ImageSet truth) {
    return CocoMetrics.score(match(predictions, truth));
  }

  /** Writes which detection matched, image by image. */
  public static void writeStatistics(Path predictions, ImageSet truth, Path statistics) {
    MatchFile.write(statistics, match(predictions, truth));
  }

  /**
   * The score with image i counted {@code imageWeights[i]} times.
   *
   * @throws BadInput if the file is no statistics, or of another number of images
   */
  public static Score score(Path statistics, double[] imageWeights) {
    MatchTable table = MatchFile.read(statistics);
    if (imageWeights.length != table.images()) {
      throw new BadInput(
          statistics,
          "holds " + table.images() + " images, found " + imageWeights.length + " weights",
          "Give one weight per image");
    }
    return CocoMetrics.score(table, imageWeights);
  }

  /** Where the run behind b differs from the one behind a: by figure, by class and by size. */
  public static JsonNode explain(Path statisticsA, Path statisticsB) {
    Score a = CocoMetrics.score(MatchFile.read(statisticsA));
    Score b = CocoMetrics.score(MatchFile.read(statisticsB));
    ObjectNode explained = Json.MAPPER.createObjectNode();
    ObjectNode metrics = explained.putObject("metrics");
    for (String name : new TreeSet<>(a.metrics().keySet())) {
      metrics.set(name, difference(value(a.metrics(), name), value(b.metrics(), name)));
    }
    ObjectNode perClass = explained.putObject("perClass");
    for (Map.Entry<String, JsonNode> row : a.perClass().properties()) {
      ObjectNode figures = perClass.putObject(row.getKey());
      for (String name : List.of("AP", "APs", "APm", "APl")) {
        figures.set(
            name,
            difference(
                value(row.getValue().path(name)),
                value(b.perClass().path(row.getKey()).path(name))));
      }
    }
    return explained;
  }

  /** Draws PNG pictures of predictions against truth into {@code folder}; returns the files. */
  public static List<Path> figures(Path predictions, ImageSet truth, Path folder, int count)
      throws IOException {
    return DetectionFigures.draw(predictions, truth, folder, count);
  }

  private static Optional<Double> value(Map<String, Optional<Double>> metrics, String name) {
    return metrics.getOrDefault(name, Optional.empty());
  }

  private static Optional<Double> value(JsonNode node) {
    return node.isNumber() ? Optional.of(node.doubleValue()) : Optional.empty();
  }

  private static ObjectNode difference(Optional<Double> a, Optional<Double> b) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("a", a.orElse(null));
    node.put("b", b.orElse(null));
    node.put("difference", a.flatMap(from -> b.map(to -> to - from)).orElse(null));
    return node;
  }

  private static MatchTable match(Path predictions, ImageSet set) {
    GroundTruth truth = GroundTruth.of(set);
    return CocoEvaluator.match(
        truth, DetectionResults.read(predictions, truth), EvaluatorSettings.COCO);
  }
}
