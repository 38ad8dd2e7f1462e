package downstream.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.detection.heads.BoxHeadType;
import downstream.detection.heads.DetectionProtocol;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.finetune.EncoderMode;
import downstream.eval.task.Protocols;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DetectionProtocolTest {
  @Test
  void absent_fields_take_their_defaults() {
    DetectionProtocol protocol = protocol("{}");
    assertThat(protocol.encoder().mode()).isEqualTo(EncoderMode.FINETUNE);
    assertThat(protocol.data().labelFraction()).isEqualTo(1.0);
    assertThat(protocol.augmentation().randomHorizontalFlip()).isTrue();
    assertThat(protocol.augmentation().maxResizeScale()).contains(1.33);
    assertThat(protocol.fcos().orElseThrow().focalGamma()).isEqualTo(2.0);
    assertThat(protocol.inference().maxDetections()).isEqualTo(100);
  }

  @Test
  void given_fields_are_kept_even_where_they_are_zero_or_false() {
    DetectionProtocol protocol =
        protocol(
            "{augmentation: {randomHorizontalFlip: false}, inference: {scoreThreshold: 0},"
                + " optimiser: {clip: 0}}");
    assertThat(protocol.augmentation().randomHorizontalFlip()).isFalse();
    assertThat(protocol.inference().scoreThreshold()).isZero();
    assertThat(protocol.optimiser().clip()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fcos", "faster-rcnn", "mask-rcnn"})
  void the_resolved_tree_reads_back_as_the_same_protocol(String head) {
    DetectionProtocol protocol = protocol("head: {type: " + head + "}");
    ObjectNode tree = Json.MAPPER.valueToTree(protocol);
    assertThat(tree.size()).isEqualTo(DetectionProtocol.class.getRecordComponents().length);
    assertThat(Json.as("test", tree, DetectionProtocol.class)).isEqualTo(protocol);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'head: {type: faster}' | key 'head.type': expected one of faster-rcnn, fcos, mask-rcnn",
        "'head: {levels: 7}' | head.levels must be 2 to 5, found '7'",
        "'head: {width: 12}' | head.width must be a multiple of 8, found '12'",
        "'fcos: {prior: 1}' | fcos.prior must be in (0, 1), found '1.0'",
        "'multiScale: {maxLongSide: 97}' | multiScale.maxLongSide must be in [1, data.imageSize]",
        "'minVisibleBoxFraction: 2' | minVisibleBoxFraction must be in [0, 1], found '2.0'",
        "'encoder: {mode: frozen}, multiScale: {shortSides: [1, 2]}' | one length at most in mode"
      })
  void refuses_values_that_make_no_sense(String fields, String message) {
    assertThatThrownBy(() -> protocol("{" + fields + "}"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(message);
  }

  @Test
  void settings_of_regions_are_there_for_the_heads_that_have_them() {
    String rpn = "rpn: {batchSizePerImage: 64}";
    assertThat(protocol(rpn).rpn()).isEmpty();
    DetectionProtocol masks = protocol("{head: {type: mask-rcnn}, " + rpn + "}");
    assertThat(masks.rpn().orElseThrow().batchSizePerImage()).isEqualTo(64);
    assertThat(masks.roi().orElseThrow().head()).isEqualTo(BoxHeadType.TWO_LINEAR);
    assertThat(masks.fcos()).isEmpty();
    assertThat(masks.inference().nmsIou()).contains(0.5);
    assertThatThrownBy(() -> protocol("{head: {type: mask-rcnn}, roi: {head: 3fc}}"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("key 'roi.head': expected one of 2fc, 4conv1fc, found '3fc'");
  }

  @Test
  void names_the_nearest_known_field() {
    assertThatThrownBy(() -> protocol("optimiser: {learningrate: 1}"))
        .hasMessageContaining("'learningRate'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"small", "orl-1x", "vitdet", "smoke"})
  void bundled_protocols_load(String name) {
    DetectionTask task = new DetectionTask();
    assertThat(task.protocols()).contains(name);
    var loaded = Protocols.load(task, name, List.of("schedule.steps=7"));
    assertThat(loaded.as(DetectionProtocol.class).schedule().steps()).isEqualTo(7);
  }

  private static DetectionProtocol protocol(String fields) {
    return Json.as("test", Json.parseYaml("test", fields), DetectionProtocol.class);
  }
}
