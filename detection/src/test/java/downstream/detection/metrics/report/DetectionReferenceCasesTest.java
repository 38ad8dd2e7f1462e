package downstream.detection.metrics.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.task.SelfTest;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class DetectionReferenceCasesTest {
  @TestFactory
  Stream<DynamicTest> every_reference_case_passes() {
    return Stream.of("coco", "masks", "voc")
        .flatMap(
            kind ->
                StreamSupport.stream(
                        DetectionReferenceCases.bundled().path(kind).spliterator(), false)
                    .map(
                        vector ->
                            DynamicTest.dynamicTest(name(vector), () -> check(kind, vector))));
  }

  private static String name(JsonNode vector) {
    return vector.path("name").asText();
  }

  private static void check(String kind, JsonNode vector) {
    SelfTest test = DetectionReferenceCases.test(only(kind, vector));
    assertThat(test.metrics()).isGreaterThanOrEqualTo(3);
    assertThat(test.largestDeviation()).as(test.worst()).isLessThanOrEqualTo(1e-12);
  }

  private static ObjectNode only(String kind, JsonNode vector) {
    ObjectNode known = Json.MAPPER.createObjectNode();
    known.putArray(kind).add(vector);
    return known;
  }

  @Test
  void all_of_them_pass_the_self_test_and_give_one_digest() {
    SelfTest test = DetectionReferenceCases.test();
    assertThat(test.cases()).isGreaterThan(80);
    assertThat(test.passed()).as(test.toString()).isTrue();
    assertThat(DetectionReferenceCases.test()).isEqualTo(test);
  }

  @Test
  void a_metric_that_moved_is_found_and_named() {
    ObjectNode vector = DetectionReferenceCases.bundled().path("coco").get(0).deepCopy();
    String first = vector.path("expected").fieldNames().next();
    ((ObjectNode) vector.path("expected")).put(first, 0.123);
    SelfTest test = DetectionReferenceCases.test(only("coco", vector));
    assertThat(test.passed()).isFalse();
    assertThat(test.worst()).isEqualTo(name(vector) + " " + first);
  }

  @Test
  void a_mask_of_other_text_is_found() {
    ObjectNode vector = DetectionReferenceCases.bundled().path("masks").get(1).deepCopy();
    vector.put("counts", "0");
    assertThat(DetectionReferenceCases.test(only("masks", vector)).largestDeviation()).isInfinite();
  }

  @Test
  void looking_at_nothing_is_no_pass() {
    assertThat(DetectionReferenceCases.test(Json.MAPPER.createObjectNode()).passed()).isFalse();
  }
}
