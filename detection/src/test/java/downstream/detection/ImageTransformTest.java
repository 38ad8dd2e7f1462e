package downstream.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import downstream.detection.heads.DetectionProtocol;
import downstream.eval.Json;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.image.Image;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ImageTransformTest {
  private static final ImageRecord WIDE =
      new ImageRecord(1, "a", Path.of("a"), 200, 100, List.of(), Optional.empty());

  @Test
  void the_whole_picture_keeps_its_proportions() {
    ImageTransform window = ImageTransform.whole(WIDE, protocol("{}"));
    assertThat(window.scale()).isEqualTo(0.48);
    assertThat(window.toInputX(100, 10)).isEqualTo(48);
    assertThat(window.toInputY(50)).isEqualTo(24);
    Image cut = window.cut(Image.filled(200, 100, 0xFF0000));
    assertThat(cut.at(95, 40)).isEqualTo(0xFF0000);
    assertThat(cut.at(10, 60)).isEqualTo(Image.MEAN_GREY);
  }

  @Test
  void input_and_picture_coordinates_are_inverse() {
    for (boolean mirrored : new boolean[] {false, true}) {
      ImageTransform window = new ImageTransform(-7, 12, 150, mirrored, 96);
      double inputX = window.toInputX(33, 20);
      assertThat(window.toPictureX(inputX, 20 * window.scale())).isCloseTo(33, within(1e-9));
      assertThat(window.toPictureY(window.toInputY(44))).isCloseTo(44, within(1e-9));
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
      ImageTransform window = new ImageTransform(40, 10, 80, mirrored, 160);
      Image cut = window.cut(image);
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
  void random_windows_stay_within_the_scales_and_reach_the_picture() {
    DetectionProtocol protocol = protocol("{}");
    SplittableRandom random = new SplittableRandom(1);
    boolean mirrored = false;
    boolean straight = false;
    for (int i = 0; i < 200; i++) {
      ImageTransform window = ImageTransform.random(WIDE, protocol, random);
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
    boolean shorter = false;
    boolean limited = false;
    for (int i = 0; i < 20; i++) {
      ImageTransform window = ImageTransform.random(WIDE, protocol, random);
      shorter |= window.scale() == 20 / 100.0;
      limited |= window.scale() == 60 / 200.0;
      assertThat(window.scale()).isIn(20 / 100.0, 60 / 200.0);
      assertThat(window.x() + window.y()).isZero();
    }
    assertThat(shorter && limited).isTrue();
    assertThat(ImageTransform.whole(WIDE, protocol).scale()).isEqualTo(60 / 200.0);
  }

  private static DetectionProtocol protocol(String fields) {
    return Json.as("test", Json.parseYaml("test", fields), DetectionProtocol.class);
  }
}
