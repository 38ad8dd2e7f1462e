package downstream.detection.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A VOC folder as ground truth. */
class ScoreVocTest {
  @TempDir private Path folder;

  private void xml(String stem, String name, int... corners) throws IOException {
    Path file = Files.createDirectories(folder.resolve("Annotations")).resolve(stem + ".xml");
    Files.writeString(
        file,
        """
        <annotation><filename>elsewhere.jpg</filename>
          <size><width>0</width><height>0</height><depth>0</depth></size>
          <object><name>%s</name><difficult>%d</difficult><bndbox><xmin>%d</xmin><ymin>%d</ymin>
            <xmax>%d</xmax><ymax>%d</ymax></bndbox></object></annotation>
        """
            .formatted(
                name, corners.length == 5 ? 1 : 0, corners[0], corners[1], corners[2], corners[3]));
  }

  private static String found(Object image, Object category, String box) {
    return "{\"image_id\": %s, \"category_id\": %s, \"bbox\": %s, \"score\": 0.%d}"
        .formatted(image, category, box, 5);
  }

  private CommandLine score(String results, String... more) throws IOException {
    Path dt = Files.writeString(folder.resolve("dt.json"), "[" + results + "]");
    List<String> arguments = new ArrayList<>(List.of("score", "detection", "--format", "json"));
    arguments.addAll(List.of("--gt", "voc:" + folder, "--predictions", dt.toString()));
    arguments.addAll(List.of(more));
    return CommandLine.run(arguments.toArray(String[]::new));
  }

  private static double ap(CommandLine outcome) throws IOException {
    assertThat(outcome.code()).as(outcome.err()).isZero();
    JsonNode json = Json.MAPPER.readTree(outcome.out());
    return json.path("metrics").path("AP").asDouble(-1);
  }

  @Test
  void corners_are_included_names_stand_for_numbers_and_sizes_and_file_names_do_not_matter()
      throws IOException {
    xml("cat7", "cat", 1, 1, 10, 10);
    String whole = "[0, 0, 10, 10]";
    assertThat(ap(score(found("\"cat7\"", "\"cat\"", whole), "--convention", "voc07")))
        .isGreaterThan(0.999);
    assertThat(ap(score(found(1, 1, whole), "--convention", "voc12"))).isGreaterThan(0.999);
    assertThat(ap(score(found(1, 1, whole), "--convention", "coco"))).isGreaterThan(0.999);
  }

  @Test
  void numbers_are_those_in_the_names_or_else_places() throws IOException {
    xml("000005", "cat", 1, 1, 10, 10);
    xml("000009", "dog", 1, 1, 10, 10);
    String box = "[0, 0, 10, 10]";
    String byName = found(5, 1, box) + "," + found(9, 2, box);
    String byPlace = found(1, 1, box) + "," + found(2, 2, box);
    assertThat(ap(score(byName, "--convention", "voc07"))).isGreaterThan(0.999);
    assertThat(ap(score(byPlace, "--convention", "voc07"))).isGreaterThan(0.999);
    assertThat(score(found(3, 1, box)).err()).contains("image_id 3 is not in the ground truth");
  }

  @Test
  void a_list_narrows_the_images_down_and_classes_may_be_ordered() throws IOException {
    xml("a", "cat", 1, 1, 10, 10);
    xml("b", "dog", 1, 1, 10, 10);
    Path lists = Files.createDirectories(folder.resolve("ImageSets/Main"));
    Files.writeString(lists.resolve("val.txt"), "b  1\n\n");
    String dog = found(1, 1, "[0, 0, 10, 10]");
    assertThat(ap(score(dog, "--split", "val", "--classes", "dog,cat"))).isGreaterThan(0.999);
    assertThat(score(dog, "--split", "test").err()).contains("test.txt: no such file");
    assertThat(score(dog, "--classes", "cat").err()).contains("class 'dog' is not among [cat]");
  }

  @Test
  void difficult_objects_count_by_cocos_rules_only_and_are_warned_of() throws IOException {
    xml("a", "cat", 1, 1, 10, 10, 1);
    xml("b", "cat", 1, 1, 10, 10);
    String one = found("\"b\"", 1, "[0, 0, 10, 10]");
    assertThat(ap(score(one, "--convention", "voc12"))).isGreaterThan(0.999);
    CommandLine coco = score(one, "--convention", "coco");
    assertThat(ap(coco)).isLessThan(0.6);
    assertThat(coco.out()).contains("1 difficult objects count like any other");
  }

  @Test
  void refuses_a_box_upside_down_with_its_file() throws IOException {
    xml("a", "cat", 10, 1, 2, 10);
    CommandLine outcome = score(found(1, 1, "[0, 0, 10, 10]"));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("a.xml: object 1: box from (10.0, 1.0) to (2.0, 10.0)");
  }

  @Test
  void a_box_of_one_pixel_counts_with_a_warning() throws IOException {
    xml("a", "cat", 4, 1, 4, 10);
    assertThat(score(found(1, 1, "[3, 0, 1, 10]")).out()).contains("one pixel wide or high");
  }

  @Test
  void refuses_folders_without_annotations_and_masks() throws IOException {
    assertThat(score("").err()).contains("holds no XML files");
    xml("a", "cat", 1, 1, 4, 4);
    assertThat(score("", "--iou", "segm").err()).contains("hold boxes alone");
  }
}
