package downstream.eval.data.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import downstream.eval.data.DataSets;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.ReaderContract;
import downstream.eval.data.image.ImageTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CocoReaderTest extends ReaderContract {
  private static final String CATEGORIES =
      "\"categories\": [{\"id\": 7, \"name\": \"cat\"}, {\"id\": 0, \"name\": \"dog\"}]";

  @Override
  public Path imageFolder() {
    return folder.resolve("pics");
  }

  @Override
  public String annotate(List<String> names) throws Exception {
    StringBuilder images = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      images.append(i == 0 ? "" : ", ");
      images.append("{\"id\": " + 10 * i + ", \"file_name\": \"" + names.get(i) + "\"}");
    }
    Files.writeString(
        folder.resolve("coco.json"),
        "{\"images\": [" + images + "], \"annotations\": [], " + CATEGORIES + "}");
    return "format: coco, images: pics, annotations: coco.json";
  }

  /** One image of 20×10 with id 3 and another with id 0, and these annotations. */
  private ImageSet read(String... annotations) throws Exception {
    Files.createDirectories(imageFolder());
    ImageTest.random(20, 10, 1).writePng(imageFolder().resolve("a.png"));
    ImageTest.random(20, 10, 2).writePng(imageFolder().resolve("b.png"));
    Files.writeString(
        folder.resolve("coco.json"),
        "{\"images\": [{\"id\": 3, \"file_name\": \"a.png\", \"width\": 20, \"height\": 10},"
            + "{\"id\": 0, \"file_name\": \"b.png\"}], \"annotations\": ["
            + String.join(", ", annotations)
            + "], "
            + CATEGORIES
            + "}");
    return open();
  }

  private ImageSet open() throws Exception {
    String source = "[{format: coco, images: pics, annotations: coco.json}]";
    Path yaml = folder.resolve("data.yaml");
    Files.writeString(yaml, "train: " + source + "\nval: [{format: images, images: pics}]\n");
    return DataSets.open(yaml).train();
  }

  private static String annotation(long id, String bbox) {
    return "{\"id\": " + id + ", \"image_id\": 3, \"category_id\": 7, \"bbox\": " + bbox + "}";
  }

  @Test
  void keeps_ids_as_they_are_and_images_without_annotations() throws Exception {
    ImageSet set = read(annotation(5, "[1, 2, 3.5, 4]"));
    assertThat(set.categories()).containsExactly(new Category(0, "dog"), new Category(7, "cat"));
    assertThat(set.images().stream().map(ImageRecord::id)).containsExactly(0L, 3L);
    assertThat(set.images().get(0).boxes()).isEmpty();
    Box box = set.images().get(1).boxes().get(0);
    assertThat(List.of(box.x(), box.y(), box.width(), box.height()))
        .containsExactly(1.0, 2.0, 3.5, 4.0);
    assertThat(box.id()).isEqualTo(5);
    assertThat(box.area()).isEqualTo(14);
    assertThat(set.labels()).isEmpty();
    assertThat(set.warnings()).isEmpty();
  }

  @Test
  void takes_area_crowd_and_segmentation_from_the_file() throws Exception {
    String common = "\"image_id\": 3, \"category_id\": 7, \"bbox\": [1, 2, 3, 4]";
    ImageSet set =
        read(
            "{\"id\": 1, \"area\": 6.5, \"iscrowd\": 1, \"segmentation\": [[1,2,4,2,4,6]], "
                + common
                + "}",
            "{\"id\": 2, \"segmentation\": [], " + common + "}");
    List<Box> boxes = set.images().get(1).boxes();
    assertThat(boxes.get(0).area()).isEqualTo(6.5);
    assertThat(boxes.get(0).crowd()).isTrue();
    assertThat(boxes.get(0).segmentation().map(Object::toString)).contains("[[1,2,4,2,4,6]]");
    assertThat(boxes.get(1).crowd()).isFalse();
    assertThat(boxes.get(1).segmentation()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [1, 2, -3, 4]     | box [1.0, 2.0, -3.0, 4.0] has a negative side
          [1, NaN, 3, 4]    | box [1.0, NaN, 3.0, 4.0] has a side that is not a finite number
          [1, 2, 1e999, 4]  | box [1.0, 2.0, Infinity, 4.0] has a side that is not a finite number
          [20, 2, 3, 4]     | box [20.0, 2.0, 3.0, 4.0] is outside the image of 20×10
          [1, -9, 3, 4]     | box [1.0, -9.0, 3.0, 4.0] is outside the image of 20×10
          [1, 2, 3]         | expected bbox [x, y, width, height], found [1,2,3]
          [1, 2, null, 4]   | expected bbox [x, y, width, height], found [1,2,null,4]
          """)
  void refuses_a_box_that_cannot_be(String bbox, String problem) {
    assertThatThrownBy(() -> read(annotation(5, "[0, 0, 1, 1]"), annotation(6, bbox)))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(folder.resolve("coco.json") + ": annotation 6: " + problem + ". ");
  }

  @Test
  void clips_at_the_border_with_a_warning_beyond_rounding() throws Exception {
    ImageSet set = read(annotation(5, "[15, -0.5, 8, 4]"), annotation(6, "[19.5, 9, 0.6, 2]"));
    List<Box> boxes = set.images().get(1).boxes();
    assertThat(List.of(boxes.get(0).x(), boxes.get(0).y())).containsExactly(15.0, 0.0);
    assertThat(List.of(boxes.get(0).width(), boxes.get(0).height())).containsExactly(5.0, 3.5);
    assertThat(boxes.get(0).area()).isEqualTo(17.5);
    assertThat(boxes.get(1).width()).isEqualTo(0.5);
    assertThat(set.warnings())
        .singleElement()
        .asString()
        .endsWith("annotation 5: box [15.0, -0.5, 8.0, 4.0] reaches over the border; clipped");
  }

  @Test
  void leaves_out_a_box_without_area_with_a_warning() throws Exception {
    ImageSet set = read(annotation(5, "[1, 2, 0, 4]"));
    assertThat(set.images().get(1).boxes()).isEmpty();
    assertThat(set.warnings()).singleElement().asString().endsWith("has no area; left out");
  }

  @Test
  void refuses_annotations_of_images_and_categories_that_do_not_exist() {
    String box = "\"bbox\": [1, 2, 3, 4]}";
    String where = folder.resolve("coco.json") + ": annotation 1: ";
    assertThatThrownBy(() -> read("{\"id\": 1, \"image_id\": 4, \"category_id\": 7, " + box))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(where + "names image 4, which does not exist");
    assertThatThrownBy(() -> read("{\"id\": 1, \"image_id\": \"3\", \"category_id\": 7, " + box))
        .hasMessageStartingWith(where + "names image \"3\", which does not exist");
    assertThatThrownBy(() -> read("{\"id\": 1, \"image_id\": 3, \"category_id\": 8, " + box))
        .isInstanceOf(BadInput.class)
        .hasMessage(where + "names category 8, which does not exist. Use one of {0=dog, 7=cat}");
  }

  @Test
  void refuses_an_id_that_is_used_twice() {
    assertThatThrownBy(() -> read(annotation(5, "[1, 2, 3, 4]"), annotation(5, "[2, 2, 3, 4]")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("annotation 5: this id is used twice");
  }

  @Test
  void refuses_a_file_cut_off_in_the_middle_with_line_and_column() throws Exception {
    read(annotation(5, "[1, 2, 3, 4]"));
    Path file = folder.resolve("coco.json");
    String whole = Files.readString(file);
    Files.writeString(file, whole.substring(0, whole.length() / 2));
    assertThatThrownBy(this::open)
        .isInstanceOf(BadInput.class)
        .hasMessageMatching(
            "(?s)\\Q"
                + file
                + "\\E: is not JSON \\(line 1, column \\d+\\): .*it may be truncated.*");
  }

  @Test
  void refuses_json_that_is_not_coco() throws Exception {
    read();
    Files.writeString(folder.resolve("coco.json"), "[{\"image_id\": 3}]");
    assertThatThrownBy(this::open)
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("expected an object with the lists images, annotations and")
        .hasMessageContaining("found JSON of type ARRAY");
  }

  @Test
  void refuses_a_listed_image_without_a_file() throws Exception {
    read();
    Files.delete(imageFolder().resolve("a.png"));
    assertThatThrownBy(this::open)
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("coco.json: image 3: there is no file '" + imageFolder());
  }

  @Test
  void warns_of_a_wrong_size_and_takes_the_true_one() throws Exception {
    read();
    ImageTest.random(10, 20, 2).writePng(imageFolder().resolve("a.png"));
    ImageSet set = open();
    assertThat(set.images().get(1).width()).isEqualTo(10);
    assertThat(set.warnings())
        .singleElement()
        .asString()
        .contains("is annotated as 20×10 but is 10×20 after EXIF rotation");
  }

  @Test
  void the_order_of_keys_does_not_move_the_fingerprint_but_a_box_does() throws Exception {
    String before = read(annotation(5, "[1, 2, 3, 4]")).fingerprint();
    String turned = "{\"bbox\": [1.0, 2, 3, 4.00], \"category_id\": 7, \"image_id\": 3, \"id\": 5}";
    assertThat(read(turned).fingerprint()).isEqualTo(before);
    assertThat(read(annotation(5, "[1, 2, 3, 4.01]")).fingerprint()).isNotEqualTo(before);
    assertThat(read().fingerprint()).isNotEqualTo(before);
  }
}
