package downstream.detection;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.detection.heads.DetectionProtocol;
import downstream.detection.metrics.DetectionScores;
import downstream.eval.data.ImageSet;
import downstream.eval.run.Fit;
import downstream.eval.run.FittedModel;
import downstream.eval.run.Metric;
import downstream.eval.run.Protocol;
import downstream.eval.run.Score;
import downstream.eval.run.SelfTest;
import downstream.eval.run.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    return "Finds objects: FCOS, Faster R-CNN or Mask R-CNN on the encoder; COCO AP.";
  }

  @Override
  public List<Metric> metrics() {
    return DetectionScores.names().stream().map(name -> new Metric(name, true)).toList();
  }

  @Override
  public List<String> protocols() {
    return List.of("small", "orl-1x", "vitdet", "smoke");
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
    return DetectionScores.score(predictions, truth, findsMasks(protocol));
  }

  @Override
  public void writeStatistics(
      Path predictions, ImageSet truth, Protocol protocol, Path statistics) {
    DetectionScores.writeStatistics(predictions, truth, findsMasks(protocol), statistics);
  }

  @Override
  public Score score(Path statistics, double[] imageWeights) {
    return DetectionScores.score(statistics, imageWeights);
  }

  @Override
  public Optional<SelfTest> selfTest() {
    return Optional.of(DetectionScores.selfTest());
  }

  @Override
  public JsonNode explain(Path statisticsA, Path statisticsB) {
    return DetectionScores.explain(statisticsA, statisticsB);
  }

  @Override
  public Map<String, Double> diagnostics(Path statistics) {
    return DetectionScores.diagnostics(statistics);
  }

  @Override
  public List<Path> figures(
      Path predictions, ImageSet truth, Protocol protocol, Path folder, int count)
      throws IOException {
    return DetectionScores.figures(predictions, truth, findsMasks(protocol), folder, count);
  }

  private static boolean findsMasks(Protocol protocol) {
    return protocol.fields().path("head").asText().equals("mask-rcnn");
  }
}
