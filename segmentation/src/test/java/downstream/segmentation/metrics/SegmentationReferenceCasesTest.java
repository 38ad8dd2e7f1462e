package downstream.segmentation.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.task.SelfTest;
import downstream.segmentation.SegmentationTask;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class SegmentationReferenceCasesTest {
  private static final Set<String> MAPS = Set.of("run", "metrics", "counts");
  private static final Set<String> PANOPTIC = Set.of("metrics", "per_class");

  @TestFactory
  Stream<DynamicTest> every_reference_case_passes() {
    return Stream.of("maps", "panoptic")
        .flatMap(
            kind ->
                bundled(kind)
                    .map(
                        vector ->
                            DynamicTest.dynamicTest(
                                kind + " " + name(vector), () -> check(kind, vector))));
  }

  private static void check(String kind, JsonNode vector) {
    SelfTest test = SegmentationReferenceCases.test(only(kind, vector));
    assertThat(test.metrics()).isGreaterThan(20);
    assertThat(test.largestDeviation()).as(test.worst()).isLessThanOrEqualTo(1e-12);
    assertThat(vector.path("why").asText()).isNotBlank();
    assertThat(vector.path("expected").fieldNames())
        .toIterable()
        .containsAll(kind.equals("maps") ? MAPS : PANOPTIC);
  }

  private static Stream<JsonNode> bundled(String kind) {
    return StreamSupport.stream(
        SegmentationReferenceCases.bundled().path(kind).spliterator(), false);
  }

  private static String name(JsonNode vector) {
    return vector.path("name").asText();
  }

  private static ObjectNode only(String kind, JsonNode vector) {
    ObjectNode known = Json.MAPPER.createObjectNode();
    known.putArray(kind).add(vector);
    return known;
  }

  @Test
  void all_of_them_pass_the_self_test_and_give_one_digest() {
    SelfTest test = new SegmentationTask().selfTest().orElseThrow();
    assertThat(test.cases()).isEqualTo(58);
    assertThat(test.version()).isEqualTo(SegmentationScores.EVALUATOR_VERSION);
    assertThat(test.passed()).as(test.toString()).isTrue();
    assertThat(SegmentationReferenceCases.test()).isEqualTo(test);
  }

  @Test
  void each_has_a_name_of_its_own() {
    for (String kind : Set.of("maps", "panoptic")) {
      assertThat(bundled(kind).map(SegmentationReferenceCasesTest::name)).doesNotHaveDuplicates();
    }
  }

  /** Each metric of the small cases in turn: there is none that nobody looks at. */
  @Test
  void a_metric_that_moved_is_found_and_named() {
    Set<String> moved = new HashSet<>();
    for (String metric : Set.of("mIoU", "mAcc", "aAcc", "fwIoU", "mDice", "mBoundaryIoU")) {
      ObjectNode vector = named("maps", "an edge one pixel off");
      ((ObjectNode) vector.path("expected").path("metrics")).put(metric, 0.123);
      SelfTest test = SegmentationReferenceCases.test(only("maps", vector));
      assertThat(test.passed()).isFalse();
      moved.add(test.worst());
    }
    assertThat(moved).hasSize(6).contains("outline: an edge one pixel off metrics mBoundaryIoU");
  }

  @Test
  void a_line_of_an_answer_that_changed_is_found_and_its_case_named() {
    ObjectNode vector = named("maps", "summed before");
    ArrayNode line = (ArrayNode) vector.path("images").path(1).path("prediction").path(1);
    assertThat(line.toString()).isEqualTo("[1,1]");
    line.set(1, 0);
    ObjectNode known = SegmentationReferenceCases.bundled().deepCopy();
    ((ArrayNode) known.path("maps")).add(vector);
    SelfTest test = SegmentationReferenceCases.test(known);
    assertThat(test.passed()).isFalse();
    assertThat(test.worst()).startsWith("counts are summed before they are divided ");
    assertThat(test.digest()).isNotEqualTo(SegmentationReferenceCases.test().digest());
  }

  @Test
  void a_segment_that_changed_is_found_and_its_case_named() {
    ObjectNode vector = named("panoptic", "exactly half");
    ((ArrayNode) vector.path("images").path(0).path("prediction").path(0)).set(1, 1);
    ((ArrayNode) vector.path("images").path(0).path("predicted_segments")).remove(1);
    SelfTest test = SegmentationReferenceCases.test(only("panoptic", vector));
    assertThat(test.largestDeviation()).isGreaterThanOrEqualTo(1);
    assertThat(test.worst()).startsWith("an overlap of exactly half ");
  }

  @Test
  void undefined_is_not_zero() {
    ObjectNode vector = named("maps", "neither true nor predicted");
    ((ObjectNode) vector.path("expected").path("per_class").path("2")).put("IoU", 0);
    SelfTest test = SegmentationReferenceCases.test(only("maps", vector));
    assertThat(test.largestDeviation()).isInfinite();
    assertThat(test.worst()).endsWith("per_class 2 IoU");
  }

  @Test
  void a_metric_that_is_missing_or_too_many_is_found() {
    ObjectNode vector = named("maps", "everything right");
    ((ObjectNode) vector.path("expected").path("run")).remove("mDice");
    assertThat(SegmentationReferenceCases.test(only("maps", vector)).worst()).endsWith("run mDice");
    ((ObjectNode) vector.path("expected").path("run")).put("mDice", 1).putNull("mMedian");
    assertThat(SegmentationReferenceCases.test(only("maps", vector)).worst())
        .endsWith("run mMedian");
  }

  private static ObjectNode named(String kind, String part) {
    return bundled(kind)
        .filter(vector -> name(vector).contains(part))
        .findFirst()
        .orElseThrow()
        .deepCopy();
  }

  @Test
  void looking_at_nothing_is_no_pass() {
    assertThat(SegmentationReferenceCases.test(Json.MAPPER.createObjectNode()).passed()).isFalse();
  }
}
