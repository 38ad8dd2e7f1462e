package downstream.detection.metrics.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.NullNode;
import downstream.detection.metrics.Convention;
import downstream.detection.metrics.DetectionResults;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.Iou;
import downstream.detection.metrics.io.CocoGroundTruthReader;
import downstream.detection.metrics.io.ResultsReader;
import downstream.detection.metrics.mask.PolygonRaster;
import downstream.detection.metrics.mask.Rle;
import downstream.eval.Json;
import downstream.eval.task.Score;
import downstream.eval.task.SelfTest;
import downstream.eval.task.SelfTestRecorder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * The evaluators checked against bundled reference values: metrics and masks of pycocotools, and
 * VOC's metrics by a plain port of the devkit.
 */
final class DetectionReferenceCases {
  static final String RESOURCE = "/selftest/detection.json";

  private final SelfTestRecorder recorder = new SelfTestRecorder();

  private DetectionReferenceCases() {}

  /** Scores every case of the bundled file. */
  static SelfTest test() {
    return test(bundled());
  }

  static JsonNode bundled() {
    return SelfTestRecorder.bundled(DetectionReferenceCases.class, RESOURCE);
  }

  /** Scores other cases of the same form. */
  static SelfTest test(JsonNode reference) {
    DetectionReferenceCases cases = new DetectionReferenceCases();
    try {
      for (JsonNode vector : reference.path("coco")) {
        cases.coco(vector);
      }
      for (JsonNode vector : reference.path("masks")) {
        cases.mask(vector);
      }
      for (JsonNode vector : reference.path("voc")) {
        cases.voc(vector);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be read", e);
    }
    return cases.recorder.result(DetectionScoreReport.EVALUATOR_VERSION);
  }

  private void coco(JsonNode vector) throws IOException {
    EvaluatorSettings settings =
        new EvaluatorSettings(
            Iou.valueOf(vector.path("iou").asText()),
            vector.path("compat").asBoolean(),
            vector.path("class_agnostic").asBoolean(),
            Convention.coco,
            EvaluatorSettings.COCO.maxDets());
    Score score = score(vector, settings);
    recorder.nextCase();
    compare(name(vector), score, vector.path("expected"));
    vector
        .path("per_class")
        .properties()
        .forEach(
            entry ->
                compare(
                    name(vector) + " " + entry.getKey(),
                    number(score.perClass().path(entry.getKey()).path("AP")),
                    number(entry.getValue())));
  }

  private void voc(JsonNode vector) throws IOException {
    for (Convention convention : List.of(Convention.voc07, Convention.voc12)) {
      EvaluatorSettings settings =
          new EvaluatorSettings(
              Iou.bbox, false, false, convention, EvaluatorSettings.COCO.maxDets());
      recorder.nextCase();
      compare(
          name(vector) + " " + convention,
          score(vector, settings),
          vector.path("expected").path(convention.name()));
    }
  }

  private static Score score(JsonNode vector, EvaluatorSettings settings) throws IOException {
    String where = "reference case " + name(vector);
    GroundTruth groundTruth =
        CocoGroundTruthReader.read(where, vector.path("ground_truth"), settings);
    DetectionResults results =
        ResultsReader.read(where, vector.path("results"), groundTruth, settings);
    return EvaluationReport.of(groundTruth, results, settings, Optional.empty(), false).score();
  }

  private void mask(JsonNode vector) {
    int height = vector.path("height").intValue();
    int width = vector.path("width").intValue();
    Rle mask = null;
    for (JsonNode polygon : vector.path("polygons")) {
      double[] corners = Json.MAPPER.convertValue(polygon, double[].class);
      Rle part = PolygonRaster.mask(corners, height, width);
      mask = mask == null ? part : mask.union(part);
    }
    recorder.nextCase();
    if (mask != null) {
      boolean same = mask.counts().equals(vector.path("counts").asText());
      recorder.output(mask.counts());
      compare(name(vector), Optional.of(same ? 0.0 : Double.NaN), Optional.of(0.0));
      double[] box = mask.box();
      for (int i = 0; i < box.length; i++) {
        compare(name(vector), Optional.of(box[i]), number(vector.path("box").path(i)));
      }
      Optional<Double> area = Optional.of((double) mask.area());
      compare(name(vector), area, number(vector.path("area")));
    }
  }

  private void compare(String name, Score score, JsonNode expected) {
    expected
        .properties()
        .forEach(
            entry ->
                compare(
                    name + " " + entry.getKey(),
                    score.metrics().getOrDefault(entry.getKey(), Optional.empty()),
                    number(entry.getValue())));
  }

  private void compare(String name, Optional<Double> found, Optional<Double> expected) {
    recorder.compare(name, node(found), node(expected));
  }

  private static JsonNode node(Optional<Double> value) {
    return value.<JsonNode>map(DoubleNode::valueOf).orElse(NullNode.instance);
  }

  private static Optional<Double> number(JsonNode node) {
    return node.isNumber() ? Optional.of(node.doubleValue()) : Optional.empty();
  }

  private static String name(JsonNode vector) {
    return vector.path("name").asText();
  }
}
