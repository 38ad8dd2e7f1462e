package downstream.eval.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import downstream.eval.Digest;
import downstream.eval.data.image.ImageTest;
import downstream.eval.data.image.LabelMapTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InventoryTest {
  @TempDir private Path folder;

  @BeforeEach
  void three_labelled_images() throws IOException {
    for (int i = 0; i < 3; i++) {
      ImageTest.random(8, 4, i).writePng(folder.resolve("images/" + i + ".png"));
      LabelMapTest.random(8, 4, 2, i).writePng(folder.resolve("maps/" + i + ".png"));
    }
    String source = ": [{format: masks, images: images, masks: maps}]\n";
    Files.writeString(
        folder.resolve("data.yaml"), "classes: [sky, road]\ntrain" + source + "val" + source);
  }

  private Inventory inventory() {
    return DataSets.open(folder).train().inventory().orElseThrow();
  }

  @Test
  void holds_a_line_for_each_image_and_is_read_as_it_was_written() throws IOException {
    Inventory inventory = inventory();
    assertThat(inventory.entries())
        .extracting(Inventory.Entry::name)
        .containsExactly("0.png", "1.png", "2.png");
    assertThat(inventory.entries().get(1).image())
        .isEqualTo(Digest.of(folder.resolve("images/1.png")));
    Path file = Files.write(folder.resolve("x.txt"), inventory.bytes());
    assertThat(Inventory.read(file)).isEqualTo(inventory);
    assertThat(Files.readAllLines(file)).hasSize(4).element(0).asString().hasSize(22 + 1 + 64);
    assertThat(inventory().bytes()).isEqualTo(inventory.bytes());
  }

  @Test
  void names_what_was_changed_added_and_taken_away() throws IOException {
    Inventory before = inventory();
    assertThat(before.changesTo(inventory())).isEmpty();
    ImageTest.random(8, 4, 9).writePng(folder.resolve("images/0.png"));
    LabelMapTest.random(8, 4, 2, 9).writePng(folder.resolve("maps/1.png"));
    Files.delete(folder.resolve("images/2.png"));
    Files.delete(folder.resolve("maps/2.png"));
    ImageTest.random(8, 4, 3).writePng(folder.resolve("images/3.png"));
    LabelMapTest.random(8, 4, 2, 3).writePng(folder.resolve("maps/3.png"));
    assertThat(before.changesTo(inventory()))
        .containsExactly(
            "image '0.png' was changed",
            "the labels of '1.png' were changed",
            "'2.png' is gone",
            "'3.png' was added");
    LabelMapTest.random(8, 4, 2, 8).writePng(folder.resolve("maps/0.png"));
    assertThat(before.changesTo(inventory())).contains("image '0.png' and its labels were changed");
  }

  @Test
  void changed_box_is_of_its_image_and_a_new_number_is_none() throws IOException {
    Inventory before = boxes("{\"id\": 1, \"image_id\": 1, \"bbox\": [1, 1, 2, 2]", "[1, 1, 3, 3]");
    assertThat(
            before.changesTo(
                boxes("{\"id\": 7, \"image_id\": 1, \"bbox\": [1, 1, 2, 2]", "[1, 1, 3, 3]")))
        .isEmpty();
    assertThat(
            before.changesTo(
                boxes("{\"id\": 1, \"image_id\": 1, \"bbox\": [1, 1, 2, 2]", "[1, 1, 3, 2.5]")))
        .containsExactly("the labels of '1.png' were changed");
  }

  /** Of images 0 and 1, with a box each. */
  private Inventory boxes(String first, String second) throws IOException {
    Files.writeString(
        folder.resolve("boxes.json"),
        """
        {"images": [{"id": 1, "file_name": "0.png"}, {"id": 2, "file_name": "1.png"}],
         "categories": [{"id": 1, "name": "cat"}],
         "annotations": [%s, "category_id": 1, "area": 4, "iscrowd": 0},
           {"id": 2, "image_id": 2, "bbox": %s, "category_id": 1, "area": 4, "iscrowd": 0}]}
        """
            .formatted(first, second));
    String source = ": [{format: coco, images: images, annotations: boxes.json}]\n";
    Files.writeString(folder.resolve("data.yaml"), "train" + source + "val" + source);
    return inventory();
  }

  @Test
  void refuses_what_is_not_whole() throws IOException {
    byte[] whole = inventory().bytes();
    Path file = folder.resolve("x.txt");
    for (int length = 0; length < whole.length; length += 7) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Inventory.read(file)).isInstanceOf(BadInput.class);
    }
    for (int at = 0; at < whole.length; at += 7) {
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      Files.write(file, changed);
      assertThatThrownBy(() -> Inventory.read(file))
          .isInstanceOf(BadInput.class)
          .hasMessageStartingWith(file + ": ");
    }
    byte[] other = "no digests\n".getBytes(StandardCharsets.UTF_8);
    Files.writeString(file, "downstream/inventory/1 " + Digest.of(other) + "\nno digests\n");
    assertThatThrownBy(() -> Inventory.read(file)).hasMessageContaining("found 'no digests'");
  }

  @Test
  void line_break_in_a_name_breaks_no_line() throws IOException {
    String digest = "0".repeat(64);
    Inventory inventory =
        new Inventory(List.of(new Inventory.Entry(digest, digest, "a\nb é .png")));
    Path file = Files.write(folder.resolve("x.txt"), inventory.bytes());
    assertThat(Inventory.read(file)).isEqualTo(inventory);
  }

  @Test
  void hundred_thousand_images_are_no_problem() throws IOException {
    Inventory many =
        new Inventory(
            IntStream.range(0, 118_287)
                .mapToObj(i -> new Inventory.Entry(digest(i), digest(-i), "%012d.jpg".formatted(i)))
                .toList());
    Path file = Files.write(folder.resolve("x.txt"), many.bytes());
    assertThat(Inventory.read(file).changesTo(new Inventory(many.entries().subList(0, 118_286))))
        .containsExactly("'000000118286.jpg' is gone");
  }

  private static String digest(int i) {
    return Digest.of(Integer.toString(i).getBytes(StandardCharsets.UTF_8));
  }
}
