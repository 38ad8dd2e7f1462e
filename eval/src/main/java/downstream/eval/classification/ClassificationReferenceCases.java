package downstream.eval.classification;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.task.SelfTest;
import downstream.eval.task.SelfTestRecorder;
import java.util.ArrayList;
import java.util.List;

/**
 * Bundled cases whose metrics and votes were worked out by hand, put through the evaluator and the
 * nearest-neighbour vote.
 */
final class ClassificationReferenceCases {
  static final String RESOURCE = "/selftest/classification.json";

  /** A change that moves any metric or vote is a new version. */
  static final String EVALUATOR_VERSION = "1";

  private final SelfTestRecorder recorder = new SelfTestRecorder();

  private ClassificationReferenceCases() {}

  /** Scores every bundled case. */
  static SelfTest test() {
    return test(bundled());
  }

  static JsonNode bundled() {
    return SelfTestRecorder.bundled(ClassificationReferenceCases.class, RESOURCE);
  }

  /** Scores other cases of the same form. */
  static SelfTest test(JsonNode cases) {
    ClassificationReferenceCases reference = new ClassificationReferenceCases();
    cases.path("metrics").forEach(one -> reference.compare(one, metrics(one)));
    cases.path("votes").forEach(one -> reference.compare(one, votes(one)));
    return reference.recorder.result(EVALUATOR_VERSION);
  }

  private void compare(JsonNode one, JsonNode found) {
    recorder.nextCase();
    compare(one.path("name").asText(), found, one.path("expected"));
  }

  /** Compares every expected value with the one found, down to single numbers. */
  private void compare(String name, JsonNode found, JsonNode expected) {
    if (expected.isObject()) {
      expected
          .properties()
          .forEach(
              field ->
                  compare(
                      name + " " + field.getKey(), found.path(field.getKey()), field.getValue()));
    } else if (expected.isArray()) {
      for (int i = 0; i < Math.max(found.size(), expected.size()); i++) {
        compare(name + " " + i, found.path(i), expected.path(i));
      }
    } else {
      recorder.compare(name, found, expected);
    }
  }

  /**
   * Metrics of a case; its images are lists of examples, each example a label and the ranked
   * classes.
   */
  private static JsonNode metrics(JsonNode one) {
    List<String> classes = new ArrayList<>();
    one.path("classes").forEach(name -> classes.add(name.asText()));
    Confusion confusion = new Confusion(classes.size());
    for (JsonNode image : one.path("images")) {
      List<Integer> labels = new ArrayList<>();
      List<Prediction> predictions = new ArrayList<>();
      for (JsonNode example : image.path("examples")) {
        labels.add(example.path("label").asInt());
        List<Integer> ranked = new ArrayList<>();
        example.path("ranked").forEach(label -> ranked.add(label.asInt()));
        predictions.add(new Prediction(ranked, ranked.stream().map(label -> 1.0).toList()));
      }
      confusion.add(ImageOutcome.of("", labels, predictions), image.path("weight").asLong(1));
    }
    var score = ClassificationScores.of(confusion, classes);
    ObjectNode found = Json.MAPPER.createObjectNode();
    ObjectNode metrics = found.putObject("metrics");
    score.metrics().forEach((name, value) -> metrics.put(name, value.orElse(null)));
    found.set("per_class", score.perClass());
    ObjectNode counts = found.putObject("counts");
    score.counts().forEach(counts::put);
    return found;
  }

  private static JsonNode votes(JsonNode one) {
    List<float[]> bank = new ArrayList<>();
    one.path("bank").forEach(vector -> bank.add(vector(vector)));
    int[] labels = Json.MAPPER.convertValue(one.path("labels"), int[].class);
    NearestNeighbours neighbours =
        new NearestNeighbours(
            bank,
            labels,
            one.path("classes").asInt(),
            one.path("k").asInt(),
            one.path("temperature").asDouble());
    double[] votes = neighbours.votes(vector(one.path("query")));
    return Json.MAPPER.createObjectNode().set("votes", Json.MAPPER.valueToTree(votes));
  }

  private static float[] vector(JsonNode values) {
    return Json.MAPPER.convertValue(values, float[].class);
  }
}
