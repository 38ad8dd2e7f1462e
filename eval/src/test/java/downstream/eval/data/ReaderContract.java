package downstream.eval.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import downstream.eval.data.image.ImageTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every format keeps to; each has a test that inherits this one. */
public abstract class ReaderContract {
  static final List<String> NAMES = List.of("day/a1.png", "day/b1.png", "night/a2.png", "b2.png");

  @TempDir public Path folder;

  /** Where the format expects images. */
  public abstract Path imageFolder();

  /**
   * Writes annotations for these images of 20×10.
   *
   * @return the keys of the source in a data YAML
   */
  public abstract String annotate(List<String> names) throws Exception;

  private String source() throws Exception {
    for (String name : NAMES) {
      Files.createDirectories(imageFolder().resolve(name).getParent());
      ImageTest.random(20, 10, name.hashCode()).writePng(imageFolder().resolve(name));
    }
    return annotate(NAMES);
  }

  /** A set that trains on what these keys select. */
  private ImageSet open(String source, String selecting) throws Exception {
    return DataSets.open(yaml(source, selecting)).train();
  }

  private Path yaml(String source, String selecting) throws Exception {
    return Files.writeString(
        folder.resolve("data.yaml"),
        "classes: [ground, thing]\ntrain: [{"
            + source
            + selecting
            + "}]\nval: [{format: images, images: "
            + imageFolder()
            + "}]\n");
  }

  private static List<String> names(ImageSet set) {
    return set.images().stream().map(ImageRecord::name).toList();
  }

  @Test
  void reads_all_images_with_their_true_size() throws Exception {
    ImageSet set = open(source(), "");
    assertThat(names(set)).containsExactlyInAnyOrderElementsOf(NAMES);
    assertThat(set.images()).allMatch(p -> p.width() == 20 && p.height() == 10);
    assertThat(set.images().stream().map(ImageRecord::id)).isSorted().doesNotHaveDuplicates();
    assertThat(set.fingerprint()).matches("[0-9a-f]{64}");
  }

  @Test
  void selects_by_folder_prefix_and_list() throws Exception {
    String source = source();
    assertThat(names(open(source, ", folder: day"))).containsExactly("day/a1.png", "day/b1.png");
    assertThat(names(open(source, ", prefix: a"))).containsExactly("day/a1.png", "night/a2.png");
    Files.writeString(folder.resolve("list.txt"), "\uFEFFday/b1.png\r\n\r\nb2  -1\nb2\n");
    ImageSet listed = open(source, ", list: list.txt");
    assertThat(names(listed)).containsExactlyInAnyOrder("b2.png", "day/b1.png");
    assertThat(listed.warnings())
        .anyMatch(w -> w.contains("list.txt, line 4: 'b2' is listed twice"));
    assertThat(names(open(source, ", list: list.txt, prefix: b, folder: day/")))
        .containsExactly("day/b1.png");
  }

  @Test
  void names_the_line_of_an_image_that_is_not_there() throws Exception {
    String source = source();
    Files.writeString(folder.resolve("list.txt"), "day/a1\nday/a7\n");
    assertThatThrownBy(() -> open(source, ", list: list.txt"))
        .isInstanceOf(BadInput.class)
        .hasMessageMatching(
            "(?s).*list.txt, line 2: no image is called 'day/a7'. Did you mean"
                + " 'day/.1(.png)?'\\?");
  }

  @Test
  void an_empty_selection_is_an_error() throws Exception {
    String source = source();
    assertThatThrownBy(() -> open(source, ", prefix: zebra"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("train[0]: selects none of 4 images");
  }

  @Test
  void names_a_text_file_called_png() throws Exception {
    String source = source();
    Path fake = Files.writeString(imageFolder().resolve("b2.png"), "I am a text");
    assertThatThrownBy(() -> open(source, ""))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(fake + ": expected an image, found 'I am a text'");
  }

  @Test
  void lenient_leaves_a_bad_image_out_with_a_warning() throws Exception {
    Path yaml = yaml(source(), ", folder: day");
    Files.writeString(yaml, "lenient: true\n" + Files.readString(yaml));
    Files.writeString(imageFolder().resolve("day/a1.png"), "I am a text");
    ImageSet set = DataSets.open(yaml).train();
    assertThat(names(set)).containsExactly("day/b1.png");
    assertThat(set.warnings())
        .singleElement()
        .asString()
        .startsWith("left out: ")
        .contains("a1.png: expected an image");
  }

  @Test
  void the_fingerprint_moves_with_every_byte_and_with_nothing_else() throws Exception {
    String source = source();
    String before = open(source, "").fingerprint();
    assertThat(open(source, "").fingerprint()).isEqualTo(before);
    assertThat(open(source, ", folder: day").fingerprint()).isNotEqualTo(before);
    ImageTest.random(20, 10, 99).writePng(imageFolder().resolve("b2.png"));
    assertThat(open(source, "").fingerprint()).isNotEqualTo(before);
  }

  @Test
  void refuses_a_key_of_another_format_and_a_missing_folder() throws Exception {
    String source = source();
    assertThatThrownBy(() -> open(source, ", prefx: a"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("unknown key 'prefx'. Did you mean 'prefix'?");
    assertThatThrownBy(() -> open(source.replace("images: ", "images: no/"), ""))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("no such folder. Check 'images' of");
  }
}
