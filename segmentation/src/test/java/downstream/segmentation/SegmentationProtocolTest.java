package downstream.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import downstream.eval.task.Protocols;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentationProtocolTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'head: {type: psp}' | key 'head.type': expected one of fcn, linear, upernet, found 'psp'",
        "'head: {type: linear}' | head.width must be 0 for type linear, else > 0, found '16'",
        "'head: {type: upernet, concat: true}' | head.concat must be false for types linear and",
        "'head: {outBlocks: [0.5, 0.25]}' | head.outBlocks must be two or more ascending fractions",
        "'head: {auxiliaryWeight: 0, auxiliaryWidth: 4}' | head.auxiliaryWidth must be > 0 with an",
        "'encoder: {mode: frozen}, inference: {mode: slide}' | must be whole for a frozen encoder",
        "'encoder: {mode: frozen}, maxClassFraction: 0.5' | maxClassFraction must be 1 in mode"
            + " frozen",
        "'inference: {slidingStride: 9}' | inference.slidingStride must be in [1, data.imageSize]"
            + " in",
        "'maxClassFraction: 0' | maxClassFraction must be in (0, 1], found '0.0'",
        "'hed: {type: fcn}' | unknown key 'hed'. Did you mean 'head'?",
      })
  void refuses_fields_that_cannot_be_meant(String changes, String message) {
    assertThatThrownBy(() -> Blocks.protocol(changes).as(SegmentationProtocol.class))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(message);
  }

  @Test
  void fills_in_what_follows_from_mode_and_head() {
    assertThat(
            Protocols.load(
                    new SegmentationTask(),
                    "small",
                    List.of("head.type=linear", "encoder.mode=frozen"))
                .fields())
        .isEqualTo(
            Protocols.load(
                    new SegmentationTask(),
                    "small",
                    List.of(
                        "encoder.mode=frozen",
                        "head.type=linear",
                        "head.width=0",
                        "augmentation.minResizeScale=1",
                        "augmentation.maxResizeScale=1.0"))
                .fields());
  }

  @Test
  void every_bundled_protocol_is_loaded_by_its_name() {
    SegmentationTask task = new SegmentationTask();

    assertThat(task.protocols())
        .hasSize(5)
        .allSatisfy(
            name ->
                assertThat(Protocols.load(task, name, List.of()).fields())
                    .hasSize(SegmentationProtocol.class.getRecordComponents().length));
  }
}
