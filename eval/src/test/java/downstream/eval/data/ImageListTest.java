package downstream.eval.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import downstream.eval.Digest;
import downstream.eval.data.image.Image;
import downstream.eval.data.image.PerceptualHash;
import downstream.eval.data.image.PerceptualHashTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageListTest {
  @TempDir private Path folder;

  private ImageList list() {
    PerceptualHashTest.blobs(1).writePng(folder.resolve("images/a b.png"));
    PerceptualHashTest.blobs(2).writePng(folder.resolve("images/c.png"));
    return ImageList.of(DataSets.images(List.of(folder.resolve("images").toString())));
  }

  @Test
  void holds_each_image_and_is_read_as_it_was_written() throws IOException {
    ImageList list = list();
    Path png = folder.resolve("images/a b.png");
    assertThat(list.entries()).hasSize(2);
    assertThat(list.entries().get(0))
        .isEqualTo(
            new ImageList.Entry(Digest.of(png), PerceptualHash.of(Image.read(png)), "a b.png"));
    Path file = Files.write(folder.resolve("x.images.txt"), list.bytes());
    assertThat(ImageList.read(file)).isEqualTo(list);
    assertThat(list().bytes()).isEqualTo(list.bytes());
  }

  @Test
  void joins_without_repeating() {
    ImageList list = list();
    assertThat(list.and(list)).isEqualTo(list);
    assertThat(ImageList.EMPTY.and(list)).isEqualTo(list);
  }

  @Test
  void refuses_what_is_no_list_with_its_line() throws IOException {
    Path file = Files.writeString(folder.resolve("x.images.txt"), "hello\n");
    assertThatThrownBy(() -> ImageList.read(file))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("expected 'downstream/images/1' in line 1, found 'hello'");
    Files.writeString(file, "downstream/images/1\nabc def\n");
    assertThatThrownBy(() -> ImageList.read(file))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("line 2", "found 'abc def'");
  }
}
