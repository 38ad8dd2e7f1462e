package downstream.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import downstream.detection.heads.DetectionProtocol;
import downstream.eval.Json;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.image.Image;
import downstream.eval.finetune.Letterbox;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ImageTransformTest {
  private static final int GREY = 0x7C7468;
  private static final ImageRecord WIDE =
      new ImageRecord(1, "a", Path.of("a"), 200, 100, List.of(), Optional.empty());

  @Test
  void a_whole_image_keeps_its_aspect_ratio() {
    Letterbox box = protocol("{}").letterbox().of(200, 100);
    ImageTransform transform = ImageTransform.of(box, WIDE, false);
    assertThat(transform.scaleX()).isEqualTo(0.48);
    assertThat(transform.scaleY()).isEqualTo(0.48);
    assertThat(transform.toInputX(100, 10)).isEqualTo(48);
    assertThat(transform.toInputY(50)).isEqualTo(24);
    Image drawn = box.draw(Image.filled(200, 100, 0xFF0000), false, GREY);
    assertThat(drawn.at(95, 40)).isEqualTo(0xFF0000);
    assertThat(drawn.at(10, 60)).isEqualTo(GREY);
  }

  @Test
  void a_box_covers_the_same_pixels_of_a_whole_image_mirrored_or_not() {
    // 30 × 40 in a square of 96: 72 × 96, with padding at the right.
    ImageRecord tall = new ImageRecord(1, "a", Path.of("a"), 30, 40, List.of(), Optional.empty());
    byte[] rgb = new byte[30 * 40 * 3];
    for (int y = 10; y < 20; y++) {
      for (int x = 20; x < 28; x++) {
        rgb[3 * (y * 30 + x)] = (byte) 255;
      }
    }
    Letterbox box = protocol("{}").letterbox().of(30, 40);
    for (boolean mirrored : new boolean[] {false, true}) {
      Image drawn = box.draw(Image.of(30, 40, rgb), mirrored, GREY);
      ImageTransform transform = ImageTransform.of(box, tall, mirrored);
      int left = (int) Math.round(transform.toInputX(20, 8));
      int top = (int) Math.round(transform.toInputY(10));
      int width = (int) Math.round(8 * transform.scaleX());
      assertThat(drawn.at(left + 2, top + 2) >> 16).isGreaterThan(200);
      assertThat(drawn.at(left + width - 3, top + 20) >> 16).isGreaterThan(200);
      assertThat(drawn.at(left - 3, top + 2) >> 16).isLessThan(50);
      assertThat(drawn.at(left + width + 2, top + 2) >> 16).isLessThan(50);
      assertThat(transform.toImageX(transform.toInputX(20, 8), 8 * transform.scaleX()))
          .isCloseTo(20, within(1e-9));
    }
  }

  @Test
  void input_and_image_coordinates_are_inverse() {
    for (boolean mirrored : new boolean[] {false, true}) {
      ImageTransform window = new ScaledCrop(-7, 12, 150, mirrored, 96).transform();
      double inputX = window.toInputX(33, 20);
      assertThat(window.toImageX(inputX, 20 * window.scaleX())).isCloseTo(33, within(1e-9));
      assertThat(window.toImageY(window.toInputY(44))).isCloseTo(44, within(1e-9));
    }
  }

  @Test
  void a_box_covers_the_same_pixels_after_cutting_and_mirroring() {
    byte[] rgb = new byte[200 * 100 * 3];
    for (int y = 20; y < 40; y++) {
      for (int x = 60; x < 100; x++) {
        rgb[3 * (y * 200 + x)] = (byte) 255;
      }
    }
    Image image = Image.of(200, 100, rgb);
    for (boolean mirrored : new boolean[] {false, true}) {
      ScaledCrop crop = new ScaledCrop(40, 10, 80, mirrored, 160);
      Image cut = crop.cut(image, GREY);
      ImageTransform window = crop.transform();
      int left = (int) window.toInputX(60, 40);
      int top = (int) window.toInputY(20);
      assertThat(cut.at(left + 2, top + 2) >> 16).isGreaterThan(250);
      assertThat(cut.at(left + 77, top + 37) >> 16).isGreaterThan(250);
      assertThat(cut.at(left - 3, top + 2) >> 16).isLessThan(5);
      assertThat(cut.at(left + 83, top + 37) >> 16).isLessThan(5);
      assertThat(cut.at(left + 2, top - 3) >> 16).isLessThan(5);
    }
  }

  @Test
  void random_crops_stay_within_the_scales_and_reach_the_image() {
    DetectionProtocol protocol = protocol("{}");
    SplittableRandom random = new SplittableRandom(1);
    boolean mirrored = false;
    boolean straight = false;
    for (int i = 0; i < 200; i++) {
      ScaledCrop window = ScaledCrop.draw(WIDE, protocol.augmentation(), 96, random);
      assertThat(200.0 / window.side()).isBetween(0.74, 1.34);
      assertThat(window.x()).isBetween(200 - window.side() < 0 ? 200 - window.side() : 0, 200);
      mirrored |= window.mirrored();
      straight |= !window.mirrored();
    }
    assertThat(mirrored && straight).isTrue();
  }

  @Test
  void short_sides_are_scaled_to_one_of_the_given_lengths_and_to_the_largest_in_prediction() {
    DetectionProtocol protocol = protocol("{multiScale: {shortSides: [20, 40], maxLongSide: 60}}");
    SplittableRandom random = new SplittableRandom(1);
    Letterbox smaller = new Letterbox(96, 40, 20);
    Letterbox limited = new Letterbox(96, 60, 30);
    Set<Letterbox> drawn = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      drawn.add(protocol.multiScale().draw(96, random).of(200, 100));
    }
    assertThat(drawn).containsExactlyInAnyOrder(smaller, limited);
    assertThat(protocol.letterbox().of(200, 100)).isEqualTo(limited);
  }

  private static DetectionProtocol protocol(String fields) {
    return Json.as("test", Json.parseYaml("test", fields), DetectionProtocol.class);
  }
}
