package downstream.detection;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.detection.heads.DetectionProtocol;
import downstream.detection.metrics.report.DetectionEvaluation;
import downstream.detection.metrics.report.DetectionScores;
import downstream.eval.data.ImageSet;
import downstream.eval.task.Evaluation;
import downstream.eval.task.FitRequest;
import downstream.eval.task.FittedModel;
import downstream.eval.task.Metric;
import downstream.eval.task.Protocol;
import downstream.eval.task.Resampler;
import downstream.eval.task.SelfTest;
import downstream.eval.task.Task;
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
    return "2";
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
  public FittedModel fit(FitRequest fit) throws IOException {
    return TrainedDetector.fit(fit);
  }

  @Override
  public Evaluation evaluate(Path predictions, ImageSet groundTruth, Protocol protocol) {
    boolean masks = protocol.fields().at("/head/type").asText().equals("mask-rcnn");
    return DetectionEvaluation.of(predictions, groundTruth, masks);
  }

  @Override
  public Resampler resampler(Path statistics) {
    return DetectionScores.resampler(statistics);
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
}
