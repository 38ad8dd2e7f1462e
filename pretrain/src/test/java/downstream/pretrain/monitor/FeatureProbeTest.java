package downstream.pretrain.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.annotation.Box;
import downstream.eval.data.image.Image;
import downstream.pretrain.views.ImageNetStatistics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureProbeTest {
  private static final int RED = 0xFF0000;
  private static final int BLUE = 0x0000FF;

  @TempDir Path folder;

  @Test
  void takes_the_middle_of_the_same_images_every_time() {
    ImageSet set = set(12, 2);
    FeatureProbe probe = FeatureProbe.of(set, 5, 8);
    assertThat(probe.images()).hasSize(5).allMatch(planes -> planes.length == 3 * 64);
    assertThat(probe.labels()).isEmpty();
    assertThat(FeatureProbe.of(set, 5, 8).images().get(4)).isEqualTo(probe.images().get(4));
    assertThat(FeatureProbe.of(set, 99, 8).images()).hasSize(12);
  }

  /** Image i has a red square of class 1 and a blue one of class 2. */
  @Test
  void cuts_objects_out_and_labels_them_by_their_class() {
    FeatureProbe probe = FeatureProbe.ofBoxes(set(6, 2), 99, 4);
    assertThat(probe.images()).hasSize(12);
    for (int i = 0; i < 12; i++) {
      Image crop =
          Image.ofPlanes(
              probe.images().get(i), 4, 4, ImageNetStatistics.MEAN, ImageNetStatistics.STD);
      int colour = probe.labels().get(i) == 1 ? RED : BLUE;
      assertThat(crop).isEqualTo(Image.filled(4, 4, colour));
    }
    assertThat(probe.labels()).containsOnly(1L, 2L);
    assertThat(FeatureProbe.ofBoxes(set(6, 2), 7, 4).images()).hasSize(7);
  }

  @Test
  void refuses_a_set_without_two_classes_of_boxes() {
    assertThatThrownBy(() -> FeatureProbe.ofBoxes(set(3, 1), 9, 4))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("squares: has boxes of fewer than two classes");
    assertThatThrownBy(() -> FeatureProbe.ofBoxes(set(3, 0), 9, 4)).isInstanceOf(BadInput.class);
  }

  @Test
  void refuses_labels_that_do_not_fit() {
    assertThatThrownBy(() -> new FeatureProbe(List.of(new float[3]), List.of(1L, 2L)))
        .hasMessageContaining("2 labels of 1 images");
  }

  private ImageSet set(int count, int classes) {
    List<ImageRecord> images = new ArrayList<>();
    for (int id = 1; id <= count; id++) {
      byte[] rgb = Image.filled(40, 20, 0x808080).rgb();
      List<Box> boxes = new ArrayList<>();
      for (int c = 1; c <= classes; c++) {
        int left = 16 * c - 10;
        paint(rgb, left, c == 1 ? RED : BLUE);
        boxes.add(box(c, left, 10, false));
      }
      boxes.add(box(3, 0, 3, false)); // too small
      boxes.add(box(3, 0, 20, true)); // a crowd
      Path file = folder.resolve(id + ".png");
      Image.of(40, 20, rgb).writePng(file);
      images.add(new ImageRecord(id, id + ".png", file, 40, 20, boxes, Optional.empty()));
    }
    String fingerprint = "0".repeat(64);
    return new ImageSet("squares", List.of(), List.of(), images, Set.of(), fingerprint, List.of());
  }

  private static Box box(long category, int left, int side, boolean crowd) {
    return new Box(1, category, left, 5, side, side, side * side, crowd, false, Optional.empty());
  }

  private static void paint(byte[] rgb, int left, int colour) {
    for (int y = 5; y < 15; y++) {
      for (int x = left; x < left + 10; x++) {
        for (int channel = 0; channel < 3; channel++) {
          rgb[3 * (40 * y + x) + channel] = (byte) (colour >> (16 - 8 * channel));
        }
      }
    }
  }
}
