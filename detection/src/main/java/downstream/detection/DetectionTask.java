package downstream.detection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.data.ImageSet;
import downstream.eval.run.Fit;
import downstream.eval.run.FittedModel;
import downstream.eval.run.Metric;
import downstream.eval.run.Protocol;
import downstream.eval.run.Score;
import downstream.eval.run.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Object detection, scored by COCO's average precision of boxes. */
public final class DetectionTask implements Task {
  @Override
  public String name() {
    return "detection";
  }

  @Override
  public String version() {
    return "1";
  }

  @Override
  public String summary() {
    return "Finds objects with an FCOS head on the encoder; COCO box AP.";
  }

  @Override
  public List<Metric> metrics() {
    return CocoMetrics.names(EvaluatorSettings.COCO.maxDets()).stream()
        .map(name -> new Metric(name, true))
        .toList();
  }

  @Override
  public List<String> protocols() {
    return List.of("small", "smoke");
  }

  @Override
  public Class<? extends Record> protocolType() {
    return DetectionProtocol.class;
  }

  @Override
  public String predictionsFile() {
    return "predictions.json.gz";
  }

  @Override
  public FittedModel fit(Fit fit) throws IOException {
    return Detector.fit(fit);
  }

  @Override
  public Score score(Path predictions, ImageSet truth, Protocol protocol) {
    return CocoMetrics.score(match(predictions, truth));
  }

  @Override
  public void writeStatistics(
      Path predictions, ImageSet truth, Protocol protocol, Path statistics) {
    MatchFile.write(statistics, match(predictions, truth));
  }

  @Override
  public Score score(Path statistics, double[] imageWeights) {
    MatchTable table = MatchFile.read(statistics);
    if (imageWeights.length != table.images()) {
      throw new BadInput(
          statistics,
          "holds " + table.images() + " images, found " + imageWeights.length + " weights",
          "Give one weight per image");
    }
    return CocoMetrics.score(table, imageWeights);
  }

  @Override
  public JsonNode explain(Path statisticsA, Path statisticsB) {
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

  @Override
  public List<Path> figures(
      Path predictions, ImageSet truth, Protocol protocol, Path folder, int count)
      throws IOException {
    return DetectionFigures.draw(predictions, truth, folder, count);
  }

  private static MatchTable match(Path predictions, ImageSet set) {
    GroundTruth truth = GroundTruth.of(set);
    return BoxEvaluator.match(
        truth, DetectionResults.read(predictions, truth), EvaluatorSettings.COCO);
  }
}
