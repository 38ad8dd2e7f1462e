package downstream.segmentation.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.task.SelfTest;
import downstream.eval.task.SelfTestRecorder;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The evaluators held against bundled known answers: label maps and segments written out in full,
 * with figures worked out by hand or by exact fractions outside of this code.
 */
final class SegmentationReferenceCases {
  static final String RESOURCE = "/selftest/segmentation.json";

  private final SelfTestRecorder tally = new SelfTestRecorder();

  private SegmentationReferenceCases() {}

  /** Puts every case of the bundled file through. */
  static SelfTest test() {
    return test(bundled());
  }

  static JsonNode bundled() {
    return SelfTestRecorder.bundled(SegmentationReferenceCases.class, RESOURCE);
  }

  /** Puts other cases of the same form through. */
  static SelfTest test(JsonNode known) {
    SegmentationReferenceCases answers = new SegmentationReferenceCases();
    for (JsonNode vector : known.path("maps")) {
      answers.compare(vector, ReferenceCaseScorer.maps(vector));
    }
    for (JsonNode vector : known.path("panoptic")) {
      answers.compare(vector, ReferenceCaseScorer.segments(vector));
    }
    return answers.tally.result(SegmentationScores.EVALUATOR_VERSION);
  }

  /** Parts of a report that a case does not list are not looked at; of the others everything is. */
  private void compare(JsonNode vector, JsonNode report) {
    tally.nextCase();
    String name = vector.path("name").asText();
    vector
        .path("expected")
        .properties()
        .forEach(
            part ->
                compare(name + " " + part.getKey(), report.path(part.getKey()), part.getValue()));
  }

  private void compare(String name, JsonNode found, JsonNode expected) {
    if (expected.isObject()) {
      Set<String> names = new LinkedHashSet<>();
      expected.fieldNames().forEachRemaining(names::add);
      found.fieldNames().forEachRemaining(names::add);
      names.forEach(field -> compare(name + " " + field, found.path(field), expected.path(field)));
    } else if (expected.isArray()) {
      for (int i = 0; i < Math.max(found.size(), expected.size()); i++) {
        compare(name + " " + i, found.path(i), expected.path(i));
      }
    } else {
      figure(name, found, expected);
    }
  }

  private void figure(String name, JsonNode found, JsonNode expected) {
    String text = found.isNumber() ? found.asText() : found.toString();
    tally.figure(name, text, deviation(found, expected));
  }

  /** NaN where one is not there, or is not what the other is; null, "undefined", is not 0. */
  private static double deviation(JsonNode found, JsonNode expected) {
    return found.isNumber() && expected.isNumber()
        ? Math.abs(found.doubleValue() - expected.doubleValue())
        : found.equals(expected) ? 0 : Double.NaN;
  }
}
