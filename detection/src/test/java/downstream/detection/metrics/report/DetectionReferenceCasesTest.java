package downstream.detection.metrics.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.task.SelfTest;
import java.io.IOException;
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

  private static SelfTest changed(String kind, JsonNode vector, String at, double value) {
    String field = at.substring(at.lastIndexOf('/') + 1);
    ((ObjectNode) vector.at(at.substring(0, at.lastIndexOf('/')))).put(field, value);
    return DetectionReferenceCases.test(only(kind, vector));
  }

  @Test
  void a_metric_of_a_class_of_voc_or_of_a_mask_that_moved_is_found() {
    JsonNode bundled = DetectionReferenceCases.bundled();
    SelfTest perClass =
        changed("coco", bundled.path("coco").get(0).deepCopy(), "/per_class/c1", 0.123);
    assertThat(perClass.worst()).endsWith(" c1");
    SelfTest voc = changed("voc", bundled.path("voc").get(0).deepCopy(), "/expected/voc12/AP", 2);
    assertThat(voc.worst()).endsWith(" voc12 AP");
    assertThat(voc.cases()).as("by 11 points, and by all").isEqualTo(2);
    JsonNode mask = bundled.path("masks").get(0);
    assertThat(changed("masks", mask.deepCopy(), "/area", 1).passed()).isFalse();
  }

  /** Two pixels that touch at a corner, one way and the other: same box, same area. */
  @Test
  void masks_are_part_of_the_digest() throws IOException {
    SelfTest falling = twoPixels("[[0,0,1,0,1,1,0,1],[1,1,2,1,2,2,1,2]]");
    SelfTest rising = twoPixels("[[1,0,2,0,2,1,1,1],[0,1,1,1,1,2,0,2]]");
    assertThat(falling.metrics()).isEqualTo(rising.metrics()).isEqualTo(6);
    assertThat(falling.digest()).isNotEqualTo(rising.digest());
  }

  private static SelfTest twoPixels(String polygons) throws IOException {
    String vector =
        "{\"name\":\"m\",\"height\":2,\"width\":2,\"counts\":\"\",\"area\":2,\"box\":[0,0,2,2],"
            + "\"polygons\":%s}".formatted(polygons);
    return DetectionReferenceCases.test(only("masks", Json.MAPPER.readTree(vector)));
  }
}
