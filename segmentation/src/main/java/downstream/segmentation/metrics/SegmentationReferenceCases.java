package downstream.segmentation.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.task.SelfTest;
import downstream.eval.task.SelfTestRecorder;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The evaluators checked against bundled reference values: label maps and segments written out in
 * full, with metrics worked out by hand or by exact fractions outside of this code.
 */
final class SegmentationReferenceCases {
  static final String RESOURCE = "/selftest/segmentation.json";

  private final SelfTestRecorder recorder = new SelfTestRecorder();

  private SegmentationReferenceCases() {}

  /** Scores every case of the bundled file. */
  static SelfTest test() {
    return test(bundled());
  }

  static JsonNode bundled() {
    return SelfTestRecorder.bundled(SegmentationReferenceCases.class, RESOURCE);
  }

  /** Scores other cases of the same form. */
  static SelfTest test(JsonNode reference) {
    SegmentationReferenceCases cases = new SegmentationReferenceCases();
    for (JsonNode vector : reference.path("maps")) {
      cases.compare(vector, ReferenceCaseScorer.maps(vector));
    }
    for (JsonNode vector : reference.path("panoptic")) {
      cases.compare(vector, ReferenceCaseScorer.segments(vector));
    }
    return cases.recorder.result(SegmentationScores.EVALUATOR_VERSION);
  }

  /** Parts of a report that a case does not list are not looked at; of the others everything is. */
  private void compare(JsonNode vector, JsonNode report) {
    recorder.nextCase();
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
      recorder.compare(name, found, expected);
    }
  }
}
