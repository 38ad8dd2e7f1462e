package downstream.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.detection.heads.DetectionProtocol;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.task.Protocols;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DetectionProtocolTest {
  @Test
  void absent_fields_take_their_defaults() {
    DetectionProtocol protocol = protocol(Json.MAPPER.createObjectNode());
    assertThat(protocol.mode()).isEqualTo("finetune");
    assertThat(protocol.labelFraction()).isEqualTo(1.0);
    assertThat(protocol.flip()).isTrue();
    assertThat(protocol.focalGamma()).isEqualTo(2.0);
    assertThat(protocol.maxDetections()).isEqualTo(100);
  }

  @Test
  void given_fields_are_kept_even_where_they_are_zero_or_false() {
    ObjectNode fields = Json.MAPPER.createObjectNode();
    fields.put("flip", false).put("scoreThreshold", 0).put("clip", 0);
    DetectionProtocol protocol = protocol(fields);
    assertThat(protocol.flip()).isFalse();
    assertThat(protocol.scoreThreshold()).isZero();
    assertThat(protocol.clip()).isZero();
  }

  @Test
  void the_resolved_tree_reads_back_as_the_same_protocol() {
    DetectionProtocol protocol = protocol(Json.MAPPER.createObjectNode());
    ObjectNode tree = Json.MAPPER.valueToTree(protocol);
    assertThat(tree.size()).isEqualTo(DetectionProtocol.class.getRecordComponents().length);
    assertThat(protocol(tree)).isEqualTo(protocol);
  }

  @ParameterizedTest
  @CsvSource({
    "mode, half, finetune or frozen",
    "head, faster, 'one of [faster-rcnn, fcos, mask-rcnn]'",
    "labelFraction, 0, 'in (0, 1]'",
    "imageSize, 8, ≥ 16",
    "learningRate, 0, > 0",
    "largestScale, 0.1, ≥ smallestScale",
    "levels, 7, 2 to 5",
    "width, 12, a multiple of 8",
    "prior, 1, 'in (0, 1)'"
  })
  void refuses_values_that_make_no_sense(String field, String value, String expected) {
    ObjectNode fields = Json.MAPPER.createObjectNode();
    fields.set(field, Json.parseYaml("test", value));
    assertThatThrownBy(() -> protocol(fields))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(field + " must be " + expected + ", found '" + value);
  }

  @Test
  void frozen_takes_whole_pictures_only() {
    ObjectNode fields = Json.MAPPER.createObjectNode().put("mode", "frozen");
    assertThat(protocol(fields).smallestScale()).isEqualTo(1);
    assertThat(protocol(fields).largestScale()).isEqualTo(1);
    fields.put("smallestScale", 0.75);
    assertThatThrownBy(() -> protocol(fields))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("smallestScale and largestScale must be 1 in mode frozen");
  }

  @Test
  void settings_of_regions_are_there_for_the_heads_that_have_them() {
    ObjectNode fields = Json.MAPPER.createObjectNode();
    fields.putObject("rpn").put("perImage", 64);
    assertThat(protocol(fields).rpn()).isEmpty();
    fields.put("head", "mask-rcnn");
    assertThat(protocol(fields).rpn().orElseThrow().perImage()).isEqualTo(64);
    assertThat(protocol(fields).roi().orElseThrow().head()).isEqualTo("2fc");
    assertThat(protocol(fields).suppressionIou()).isEqualTo(0.5);
    fields.putObject("roi").put("head", "3fc");
    assertThatThrownBy(() -> protocol(fields))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("roi.head must be 2fc or 4conv1fc, found '3fc'");
  }

  @Test
  void names_the_nearest_known_field() {
    ObjectNode fields = Json.MAPPER.createObjectNode().put("learningrate", 1);
    assertThatThrownBy(() -> protocol(fields)).hasMessageContaining("'learningRate'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"small", "orl-1x", "vitdet", "smoke"})
  void bundled_protocols_load(String name) {
    DetectionTask task = new DetectionTask();
    assertThat(task.protocols()).contains(name);
    var loaded = Protocols.load(task, name, List.of("steps=7"));
    assertThat(loaded.as(DetectionProtocol.class).steps()).isEqualTo(7);
  }

  private static DetectionProtocol protocol(ObjectNode fields) {
    return Json.as("test", fields, DetectionProtocol.class);
  }
}
