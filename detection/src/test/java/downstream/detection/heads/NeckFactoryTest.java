package downstream.detection.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.detection.boxes.PyramidShape;
import downstream.detection.layers.LayerFactory;
import downstream.detection.layers.NormType;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.encoder.FeatureLevel;
import java.util.List;
import org.junit.jupiter.api.Test;

class NeckFactoryTest {
  private static final LayerFactory LAYERS = new LayerFactory(NormType.GROUP);

  private static DetectionProtocol protocol(int levels) {
    String fields =
        "{data: {imageSize: 224}, head: {minStride: 4, width: 8, levels: " + levels + "}}";
    return Json.as("test", Json.parseYaml("test", fields), DetectionProtocol.class);
  }

  private static List<FeatureLevel> map(int stride) {
    return List.of(new FeatureLevel("patches", stride, 6, FeatureLevel.Layout.TOKENS));
  }

  @Test
  void a_pyramid_reaches_the_encoders_stride() {
    assertThat(NeckFactory.forRegions(map(16), protocol(3), LAYERS).pyramid().levels())
        .extracting(PyramidShape.Level::stride)
        .containsExactly(4, 8, 16, 32);
  }

  @Test
  void a_pyramid_that_does_not_says_what_to_set() {
    assertThatThrownBy(() -> NeckFactory.forRegions(map(16), protocol(2), LAYERS))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("[4, 8] lacks the encoder's, 16")
        .hasMessageContaining("Set head.levels=3 or more");
    assertThatThrownBy(() -> NeckFactory.forRegions(map(14), protocol(3), LAYERS))
        .hasMessageContaining("Set head.minStride=14, or a half or a quarter of it");
  }
}
