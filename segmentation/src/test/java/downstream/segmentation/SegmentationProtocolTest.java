package downstream.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import downstream.eval.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentationProtocolTest {
  @Test
  void every_bundled_protocol_passes_its_own_checks() {
    assertThat(new SegmentationTask().protocols())
        .contains("small", "linear-frozen", "smoke")
        .allSatisfy(
            name ->
                assertThat(
                        Json.as(
                            name,
                            Json.parseYaml(name, Blocks.resource(name)),
                            SegmentationProtocol.class))
                    .isNotNull());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mode: thaw | mode must be 'finetune' or 'frozen', not 'thaw'",
        "head: psp | head must be one of [fcn, linear], not 'psp'",
        "labelFraction: 0 | labelFraction must be in (0, 1], not 0.0",
        "imageSize: 0 | imageSize must be positive, not 0",
        "head: linear | headWidth must be 0 for linear and positive otherwise, not 16",
        "learningRate: 0 | learningRate must be positive, not 0.0",
        "warmup: 1 | warmup must be in [0, 1), not 1.0",
        "scaleMin: 2 | scaleMin and scaleMax must be positive and in order, not 2.0, 1.0",
        "'mode: frozen, scaleMax: 2' | mode frozen caches features by picture: scaleMin and"
            + " scaleMax must be 1, not 1.0, 2.0",
        "hed: fcn | unknown key 'hed'. Did you mean 'head'?",
      })
  void refuses_fields_that_cannot_be_meant(String changes, String message) {
    assertThatThrownBy(() -> Blocks.protocol(changes).as(SegmentationProtocol.class))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(message);
  }

  @Test
  void refuses_a_field_that_is_left_out() {
    var fields = Blocks.protocol("steps: 1").fields();
    fields.remove("flip");

    assertThatThrownBy(() -> Json.as("p.yaml", fields, SegmentationProtocol.class))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("p.yaml")
        .hasMessageContaining("flip");
  }
}
