package downstream.eval.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.Json;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.image.Image;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.VisionTransformer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LetterboxTest {
  private static final int RED = 0xFF0000;
  private static final int BLUE = 0x0000FF;

  @TempDir private Path folder;

  @Test
  void fits_the_longer_side_or_covers_with_the_shorter_one() {
    assertThat(Letterbox.fit(200, 100, 96)).isEqualTo(new Letterbox(96, 96, 48));
    assertThat(Letterbox.fit(100, 200, 96)).isEqualTo(new Letterbox(96, 48, 96));
    assertThat(Letterbox.cover(200, 100, 96)).isEqualTo(new Letterbox(96, 192, 96));
    assertThat(Letterbox.fit(1000, 1, 96).height()).isEqualTo(1);
  }

  @Test
  void a_short_side_is_as_long_as_asked_unless_the_long_side_would_exceed_its_limit() {
    assertThat(Letterbox.shortSide(200, 100, 96, 20, 60)).isEqualTo(new Letterbox(96, 40, 20));
    assertThat(Letterbox.shortSide(200, 100, 96, 40, 60)).isEqualTo(new Letterbox(96, 60, 30));
    LetterboxScale scale = new LetterboxScale(96, OptionalInt.of(20), 60);
    assertThat(scale.of(100, 200)).isEqualTo(new Letterbox(96, 20, 40));
    assertThat(LetterboxScale.fit(96).of(100, 200)).isEqualTo(Letterbox.fit(100, 200, 96));
  }

  @Test
  void an_image_stays_in_the_upper_left_corner_when_it_is_mirrored() {
    Image image = image();
    Letterbox box = Letterbox.fit(image.width(), image.height(), 8);
    Image plain = box.draw(image, false, 0x808080);
    Image mirrored = box.draw(image, true, 0x808080);
    assertThat(plain.at(0, 0)).isEqualTo(RED);
    assertThat(plain.at(3, 0)).isEqualTo(BLUE);
    assertThat(mirrored.at(0, 0)).isEqualTo(BLUE);
    assertThat(mirrored.at(3, 0)).isEqualTo(RED);
    assertThat(plain.at(4, 0)).isEqualTo(0x808080);
    assertThat(mirrored.at(4, 0)).isEqualTo(0x808080);
  }

  /** 4 × 8 pixels: red at the left, blue at the right. */
  private static Image image() {
    byte[] rgb = new byte[4 * 8 * 3];
    for (int i = 0; i < 4 * 8; i++) {
      rgb[3 * i + (i % 4 < 2 ? 0 : 2)] = (byte) 255;
    }
    return Image.of(4, 8, rgb);
  }

  @Test
  void padding_has_the_encoders_mean_colour() {
    assertThat(Letterbox.fill(List.of(0.485, 0.456, 0.406))).isEqualTo(Image.MEAN_GREY);
    assertThat(Letterbox.fill(List.of(0.0, 1.0, 2.0))).isEqualTo(0x00FFFF);
  }

  @Test
  void images_of_a_set_are_named_by_scale_and_mirroring() {
    ImageSet set = set();
    LetterboxScale scale = new LetterboxScale(8, OptionalInt.of(4), 8);
    assertThat(new LetterboxedImages(set, false, spec(), LetterboxScale.fit(8)).fingerprint())
        .isEqualTo("letterbox/1 abc");
    assertThat(new LetterboxedImages(set, true, spec(), scale).fingerprint())
        .isEqualTo("letterbox/1 mirrored short side 4 of 8 abc");
  }

  @Test
  void whole_images_are_read_upright_or_mirrored() {
    WholeImages images =
        WholeImages.of(set(), spec(), LetterboxScale.fit(8), true, views -> views::pixels);
    float[] upright = images.input(0, false);
    float[] mirrored = images.input(0, true);
    assertThat(upright).hasSize(3 * 8 * 8);
    for (int x = 0; x < 4; x++) {
      assertThat(mirrored[x]).isEqualTo(upright[3 - x]);
    }
    WholeImages plain =
        WholeImages.of(set(), spec(), LetterboxScale.fit(8), false, views -> views::pixels);
    assertThatThrownBy(() -> plain.input(0, true)).hasMessageContaining("without flip");
  }

  private ImageSet set() {
    Path file = folder.resolve("a.png");
    image().writePng(file);
    ImageRecord record = new ImageRecord(1, "a", file, 4, 8, List.of(), Optional.empty());
    return new ImageSet("s", List.of(), List.of(), List.of(record), Set.of(), "abc", List.of());
  }

  private static EncoderSpec spec() {
    List<Double> half = List.of(0.5, 0.5, 0.5);
    return VisionTransformer.build(
            new VitArchitecture(8, 8, 8, 1, 2, 2),
            "tiny",
            0,
            half,
            half,
            Json.MAPPER.createObjectNode())
        .spec();
  }
}
