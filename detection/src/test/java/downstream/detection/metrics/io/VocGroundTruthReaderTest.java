package downstream.detection.metrics.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.Convention;
import downstream.detection.metrics.GroundTruth;
import downstream.eval.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VocGroundTruthReaderTest {
  @TempDir private Path folder;

  /** Corners: xmin, ymin, xmax, ymax. */
  private void xml(Path where, String stem, String name, int difficult, Object... corners)
      throws IOException {
    Files.createDirectories(where);
    Files.writeString(
        where.resolve(stem + ".xml"),
        ("<annotation><object><name>%s</name><difficult>%d</difficult><bndbox><xmin>%s</xmin>"
                + "<ymin>%s</ymin><xmax>%s</xmax><ymax>%s</ymax></bndbox></object></annotation>")
            .formatted(name, difficult, corners[0], corners[1], corners[2], corners[3]));
  }

  private void xml(String stem, Object... corners) throws IOException {
    xml(folder.resolve("Annotations"), stem, "cat", 0, corners);
  }

  private List<GroundTruth> read(Convention convention) {
    return VocGroundTruthReader.read(folder, Optional.empty(), List.of(), convention);
  }

  @Test
  void numbers_are_those_of_the_names_and_places_in_their_order() throws IOException {
    xml("12", 1, 1, 4, 4);
    xml("007", 3, 2, 5, 9);
    List<GroundTruth> readings = read(Convention.voc07);
    assertThat(readings)
        .extracting(GroundTruth::imageIds)
        .containsExactly(List.of(7L, 12L), List.of(1L, 2L));
    GroundTruth byNumber = readings.get(0);
    assertThat(byNumber.names().orElseThrow().images()).containsExactly("007", "12");
    assertThat(byNumber.categoryIds()).containsExactly(1L);
    BoxTable boxes = byNumber.boxes();
    assertThat(List.of(boxes.x[0], boxes.y[0], boxes.width[0], boxes.height[0]))
        .as("from 0, and both corners inside")
        .containsExactly(2.0, 1.0, 3.0, 8.0);
    assertThat(byNumber.warnings()).isEmpty();
  }

  @Test
  void names_that_are_no_numbers_or_the_same_number_twice_give_places_alone() throws IOException {
    xml("a", 1, 1, 4, 4);
    assertThat(read(Convention.voc07))
        .extracting(GroundTruth::imageIds)
        .containsExactly(List.of(1L));
    Files.delete(folder.resolve("Annotations/a.xml"));
    xml("7", 1, 1, 4, 4);
    xml("07", 1, 1, 4, 4);
    assertThat(read(Convention.voc07))
        .extracting(GroundTruth::imageIds)
        .containsExactly(List.of(1L, 2L));
  }

  @Test
  void names_that_are_the_places_give_one_reading() throws IOException {
    xml("1", 1, 1, 4, 4);
    xml("2", 1, 1, 4, 4);
    assertThat(read(Convention.voc07))
        .extracting(GroundTruth::imageIds)
        .containsExactly(List.of(1L, 2L));
  }

  @Test
  void a_listed_image_without_a_file_has_no_objects_and_a_folder_may_hold_the_files_itself()
      throws IOException {
    xml(folder, "b", "dog", 0, 1, 1, 4, 4);
    Files.createDirectories(folder.resolve("ImageSets/Main"));
    Files.writeString(folder.resolve("ImageSets/Main/val.txt"), "c\nb -1\nb\n\n");
    GroundTruth groundTruth =
        VocGroundTruthReader.read(folder, Optional.of("val"), List.of(), Convention.voc07).get(0);
    assertThat(groundTruth.names().orElseThrow().images()).containsExactly("b", "c");
    assertThat(groundTruth.boxes().size).isEqualTo(1);
  }

  @Test
  void difficult_objects_are_ignored_by_voc_and_warned_of_elsewhere() throws IOException {
    xml(folder.resolve("Annotations"), "a", "cat", 1, 1, 1, 4, 4);
    GroundTruth voc = read(Convention.voc12).get(0);
    assertThat(voc.boxes().ignored.get(0)).isTrue();
    assertThat(voc.warnings()).isEmpty();
    GroundTruth coco = read(Convention.coco).get(0);
    assertThat(coco.boxes().ignored.get(0)).isFalse();
    assertThat(coco.warnings())
        .containsExactly("1 difficult objects count like any other; VOC leaves them out");
  }

  @Test
  void thin_boxes_are_counted_and_impossible_ones_refused() throws IOException {
    xml("a", 3, 1, 3, 4);
    xml("b", 1, 4, 9, 4);
    xml("c", 1, 1, 2, 2);
    assertThat(read(Convention.coco).get(0).warnings())
        .containsExactly("2 boxes are one pixel wide or high: they count");
    for (Object[] corners :
        List.of(
            new Object[] {3, 1, 2, 4}, new Object[] {1, 3, 4, 2}, new Object[] {1, 1, "NaN", 4})) {
      xml("c", corners);
      assertThatThrownBy(() -> read(Convention.coco))
          .isInstanceOf(BadInput.class)
          .hasMessageContaining("c.xml");
    }
  }
}
