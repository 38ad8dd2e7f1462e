package downstream.eval.data.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import downstream.eval.data.DataSets;
import downstream.eval.data.ImageSet;
import downstream.eval.data.ReaderContract;
import downstream.eval.data.image.ImageFile;
import downstream.eval.data.image.ImageTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VocReaderTest extends ReaderContract {
  @Override
  public Path imageFolder() {
    return folder.resolve("JPEGImages");
  }

  @Override
  public String annotate(List<String> names) throws Exception {
    for (String name : names) {
      xml(ImageFile.stem(name), "<size><width>0</width><height>0</height></size>");
    }
    return "format: voc, images: JPEGImages, annotations: Annotations";
  }

  private Path xml(String stem, String content) throws Exception {
    Path file = folder.resolve("Annotations").resolve(stem + ".xml");
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "<annotation>" + content + "</annotation>");
  }

  private static String object(String name, String corners) {
    String[] c = corners.split(" ");
    return "<object><name>"
        + name
        + "</name><bndbox><xmin>"
        + c[0]
        + "</xmin><ymin>"
        + c[1]
        + "</ymin><xmax>"
        + c[2]
        + "</xmax><ymax>"
        + c[3]
        + "</ymax></bndbox></object>";
  }

  /** One image {@code a.jpg} of 20×10, really a PNG. */
  private ImageSet open() throws Exception {
    Files.createDirectories(imageFolder());
    Files.createDirectories(folder.resolve("Annotations"));
    Files.write(imageFolder().resolve("a.jpg"), ImageTest.random(20, 10, 1).storedPng());
    Path yaml = folder.resolve("data.yaml");
    Files.writeString(
        yaml,
        """
        classes: [cat, dog]
        train: [{format: voc, root: %s}]
        val: [{format: images, images: JPEGImages}]
        """
            .formatted(folder));
    return DataSets.open(yaml).train();
  }

  @Test
  void corners_are_pixels_counted_from_1_both_included() throws Exception {
    xml("a", object(" dog ", "1 1 20 10") + object("cat", "3 4 4 9.0"));
    List<Box> boxes = open().images().get(0).boxes();
    assertThat(boxes.get(0))
        .isEqualTo(new Box(1, 2, 0, 0, 20, 10, 200, false, false, Optional.empty()));
    assertThat(boxes.get(1))
        .isEqualTo(new Box(2, 1, 2, 3, 2, 6, 12, false, false, Optional.empty()));
  }

  @Test
  void classes_count_from_1_and_parts_are_no_objects() throws Exception {
    String part = "<part><name>head</name><bndbox><xmin>1</xmin></bndbox></part>";
    xml("a", object("dog", "1 1 5 5").replace("<name>", part + "<difficult>1</difficult><name>"));
    ImageSet set = open();
    assertThat(set.categories()).containsExactly(new Category(1, "cat"), new Category(2, "dog"));
    assertThat(set.images().get(0).boxes())
        .singleElement()
        .matches(box -> box.difficult() && box.category() == 2);
  }

  @Test
  void a_box_of_one_pixel_row_is_left_out_with_a_warning() throws Exception {
    Path file = xml("a", object("dog", "5 5 5 5") + object("dog", "5 5 9 5"));
    ImageSet set = open();
    assertThat(set.images().get(0).boxes()).isEmpty();
    assertThat(set.warnings()).hasSize(2).allMatch(w -> w.endsWith("has no area; left out"));
    assertThat(set.warnings().get(1)).startsWith(file + ": object 2");
  }

  @Test
  void refuses_boxes_that_cannot_be() throws Exception {
    Path file = xml("a", object("dog", "9 5 5 8"));
    assertThatThrownBy(this::open)
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(file + ": object 1: box [8.0, 4.0, -4.0, 4.0] has a negative side");
    xml("a", object("dog", "9 five 5 8"));
    assertThatThrownBy(this::open).hasMessageContaining("has a side that is not a finite number");
    xml("a", object("dog", "21 1 25 5"));
    assertThatThrownBy(this::open).hasMessageContaining("is outside the image of 20×10");
    xml("a", "<object><name>dog</name></object>");
    assertThatThrownBy(this::open).hasMessageContaining("object 1: has no bndbox");
  }

  @Test
  void a_wrong_or_missing_file_name_inside_does_not_matter() throws Exception {
    xml("a", "<filename>other.jpg</filename>" + object("dog", "1 1 5 5"));
    assertThat(open().images().get(0).boxes()).hasSize(1);
    xml("a", object("dog", "1 1 5 5"));
    assertThat(open().images().get(0).boxes()).hasSize(1);
  }

  @Test
  void the_file_name_inside_decides_where_no_image_has_the_name_of_the_xml() throws Exception {
    xml("z", "<filename>a.jpg</filename>" + object("dog", "1 1 5 5"));
    ImageSet set = open();
    assertThat(set.images().get(0).boxes()).hasSize(1);
    assertThat(set.warnings())
        .singleElement()
        .asString()
        .endsWith("no image is called 'z'; using 'a.jpg', which the XML names");
  }

  @Test
  void refuses_an_xml_file_of_an_image_that_does_not_exist() throws Exception {
    Path file = xml("z", "<filename>y.jpg</filename>");
    assertThatThrownBy(this::open)
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(
            file + ": names image 'y.jpg', which does not exist, nor does 'z'. ");
  }

  @Test
  void an_image_without_xml_counts_with_a_warning() throws Exception {
    ImageSet set = open();
    assertThat(set.images()).hasSize(1);
    assertThat(set.warnings()).singleElement().asString().contains("has no XML file");
  }

  @Test
  void refuses_an_unknown_class_naming_the_nearest() throws Exception {
    Path file = xml("a", object("dgo", "1 1 5 5"));
    assertThatThrownBy(this::open)
        .isInstanceOf(BadInput.class)
        .hasMessage(
            file
                + ": object 1: names class 'dgo', which does not exist. "
                + "Did you mean 'dog'? Known: [cat, dog]");
  }

  @Test
  void without_class_names_the_error_lists_those_that_occur() throws Exception {
    xml("a", object("dog", "1 1 5 5") + object("bird", "1 1 5 5"));
    Files.createDirectories(imageFolder());
    ImageTest.random(20, 10, 1).writePng(imageFolder().resolve("a.png"));
    Path yaml = folder.resolve("data.yaml");
    Files.writeString(yaml, "train: [{format: voc, root: .}]\nval: [{format: voc, root: .}]\n");
    assertThatThrownBy(() -> DataSets.open(yaml))
        .isInstanceOf(BadInput.class)
        .hasMessage(yaml + ": VOC annotations need 'classes'. Add classes: [bird, dog]");
  }

  @Test
  void refuses_xml_cut_off_in_the_middle_with_its_line() throws Exception {
    Path file = Files.writeString(xml("a", ""), "<annotation>\n<object><name>do");
    assertThatThrownBy(this::open)
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(file + ", line 2: is not XML: ");
  }
}
