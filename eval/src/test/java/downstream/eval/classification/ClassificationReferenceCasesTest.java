package downstream.eval.classification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.task.SelfTest;
import org.junit.jupiter.api.Test;

class ClassificationReferenceCasesTest {
  @Test
  void every_reference_value_comes_out() {
    SelfTest test = new ClassificationTask().selfTest().orElseThrow();
    assertThat(test.cases()).isEqualTo(13);
    assertThat(test.metrics()).isGreaterThan(40);
    assertThat(test.passed()).as(test.toString()).isTrue();
    assertThat(ClassificationReferenceCases.test()).isEqualTo(test);
  }

  @Test
  void every_case_says_why() {
    ClassificationReferenceCases.bundled()
        .forEach(
            kind ->
                kind.forEach(
                    one -> {
                      assertThat(one.path("name").asText()).isNotBlank();
                      assertThat(one.path("why").asText()).isNotBlank();
                    }));
  }

  @Test
  void a_prediction_that_changed_is_found_and_its_case_named() {
    JsonNode cases = ClassificationReferenceCases.bundled().deepCopy();
    ArrayNode ranked = (ArrayNode) cases.at("/metrics/0/images/0/examples/0/ranked");
    ranked.insert(0, 1);
    SelfTest test = ClassificationReferenceCases.test(cases);
    assertThat(test.passed()).isFalse();
    assertThat(test.worst()).startsWith("two images, one of two wrong ");
  }

  @Test
  void a_vote_that_changed_is_found_and_its_case_named() {
    JsonNode cases = ClassificationReferenceCases.bundled().deepCopy();
    ((ObjectNode) cases.at("/votes/2")).put("temperature", 1);
    SelfTest test = ClassificationReferenceCases.test(cases);
    assertThat(test.passed()).isFalse();
    assertThat(test.worst()).startsWith("two neighbours outvote a nearer one ");
  }

  @Test
  void comparing_nothing_is_no_pass() {
    JsonNode nothing = downstream.eval.Json.MAPPER.createObjectNode();
    assertThat(ClassificationReferenceCases.test(nothing).passed()).isFalse();
  }
}
