package downstream.pretrain.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Json;
import downstream.eval.data.image.Image;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Crops and colours equal what torchvision 0.14 makes of them ({@code goldens.py}). */
class TorchvisionTest {
  private final JsonNode golden = golden();

  private static JsonNode golden() {
    try (InputStream file = TorchvisionTest.class.getResourceAsStream("goldens.json")) {
      return Json.MAPPER.readTree(Objects.requireNonNull(file));
    } catch (IOException unreadable) {
      throw new IllegalStateException(unreadable);
    }
  }

  private float[][] crop(Resampler resampler, int size) {
    JsonNode at = golden.get("crop");
    Region part =
        new Region(
            at.get(0).intValue(), at.get(1).intValue(), at.get(2).intValue(), at.get(3).intValue());
    Image image =
        Image.of(
            golden.get("width").intValue(),
            golden.get("height").intValue(),
            bytes(golden.get("pixels")));
    return resampler.draw(image, part, false, size);
  }

  private static byte[] bytes(JsonNode values) {
    byte[] bytes = new byte[values.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values.get(i).intValue();
    }
    return bytes;
  }

  private void equalsGolden(String name, float[][] rgb) {
    float[] planes = Drawn.joined(rgb);
    JsonNode expected = Objects.requireNonNull(golden.get("results").get(name), name);
    assertThat(planes).hasSize(expected.size());
    for (int i = 0; i < planes.length; i++) {
      assertThat(planes[i])
          .as("%s, value %s", name, i)
          .isCloseTo(expected.get(i).floatValue(), within(4e-6f));
    }
  }

  @Test
  void crops_are_torchvisions() {
    equalsGolden("bilinear", crop(Resampler.BILINEAR, 6));
    equalsGolden("bicubic", crop(Resampler.BICUBIC, 6));
    equalsGolden("bilinear enlarged", crop(Resampler.BILINEAR, 16));
    equalsGolden("bicubic enlarged", crop(Resampler.BICUBIC, 16));
  }

  @Test
  void colours_are_torchvisions() {
    Map<String, Consumer<float[][]>> operations =
        Map.of(
            "brightness 1.3", planes -> TorchvisionJitter.brighten(planes, 1.3f),
            "contrast 0.7", planes -> TorchvisionJitter.contrast(planes, .7f),
            "contrast 1.4", planes -> TorchvisionJitter.contrast(planes, 1.4f),
            "saturation 0.6", planes -> TorchvisionJitter.saturate(planes, .6f),
            "saturation 1.4", planes -> TorchvisionJitter.saturate(planes, 1.4f),
            "hue 0.1", planes -> ColourTransforms.turnHue(planes, .1f),
            "hue -0.08", planes -> ColourTransforms.turnHue(planes, -.08f),
            "grey", ColourTransforms::grey);
    operations.forEach(
        (name, operation) -> {
          float[][] planes = crop(Resampler.BILINEAR, 6);
          operation.accept(planes);
          equalsGolden(name, planes);
        });
  }

  /** PIL rounds to whole values after each pass. */
  @ParameterizedTest
  @ValueSource(strings = {"0.1", "0.6", "1.2", "2.0"})
  void blur_is_pils_to_three_grey_levels(String sigma) {
    int size = 16;
    float[][] rgb =
        Resampler.BILINEAR.draw(
            Image.of(size, size, bytes(golden.get("soft"))), Region.whole(size, size), false, size);
    Blur.boxes(rgb, size, Double.parseDouble(sigma));
    float[] planes = Drawn.joined(rgb);
    JsonNode expected = golden.get("blurs").get(sigma);
    double worst = 0;
    for (int i = 0; i < planes.length; i++) {
      int interleaved = i % (size * size) * 3 + i / (size * size);
      worst = Math.max(worst, Math.abs(255 * planes[i] - expected.get(interleaved).intValue()));
    }
    assertThat(worst).isLessThan(3);
  }
}
