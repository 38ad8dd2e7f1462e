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
        "mode: thaw | mode must be finetune or frozen, not 'thaw'",
        "head: psp | head must be one of [fcn, linear, upernet], not 'psp'",
        "labelFraction: 0 | labelFraction must be in (0, 1], not '0.0'",
        "imageSize: 0 | imageSize must be positive, not '0'",
        "head: linear | headWidth must be 0 for linear, else > 0, not '16'",
        "learningRate: -1 | learningRate must be positive, not '-1.0'",
        "warmup: 1 | warmup must be in [0, 1), not '1.0'",
        "smallestScale: 2 | largestScale must be at least smallestScale, not '1.0'",
        "'mode: frozen, largestScale: 2' | must be 1 in mode frozen, whose features are cached",
        "'mode: frozen, inference: slide' | 1, false and whole in mode frozen",
        "'head: upernet, concat: true' | concat must be false, but for fcn, not 'true'",
        "slideStride: 9 | slideStride must be 1 to imageSize for slide, 0 for whole, not '9'",
        "schedule: steps | schedule must be cosine or polynomial, not 'steps'",
        "power: 2 | power must be positive, 0 for cosine, not '2.0'",
        "optimiser: adam | optimiser must be one of [adamw, sgd], not 'adam'",
        "blocks: [0.5, 0.25] | blocks must be two or more ascending shares in (0, 1]",
        "classShare: 0 | classShare must be in (0, 1], not '0.0'",
        "'auxiliary: 0, auxiliaryWidth: 4' | auxiliaryWidth must be positive with an auxiliary",
        "hed: fcn | unknown key 'hed'. Did you mean 'head'?",
      })
  void refuses_fields_that_cannot_be_meant(String changes, String message) {
    assertThatThrownBy(() -> Blocks.protocol(changes).as(SegmentationProtocol.class))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(message);
  }

  @Test
  void fills_in_what_follows_from_mode_and_head() {
    assertThat(
            Protocols.load(new SegmentationTask(), "small", List.of("head=linear", "mode=frozen"))
                .fields())
        .isEqualTo(
            Protocols.load(
                    new SegmentationTask(),
                    "small",
                    List.of(
                        "mode=frozen",
                        "head=linear",
                        "headWidth=0",
                        "smallestScale=1",
                        "largestScale=1.0"))
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
