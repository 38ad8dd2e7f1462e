package downstream.pretrain.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotosTest {
  @TempDir Path folder;

  @Test
  void keeps_what_fits_and_reads_the_rest_again() {
    Photos photos = new Photos(set(3), 2 * 8 * 8 * 3);
    assertThat(photos.get(0)).isSameAs(photos.get(0));
    assertThat(photos.get(1)).isSameAs(photos.get(1));
    assertThat(photos.get(2)).isNotSameAs(photos.get(2)).isEqualTo(photos.get(2));
  }

  @Test
  void names_a_file_that_is_gone() throws IOException {
    ImageSet set = set(1);
    Files.delete(folder.resolve("0.png"));
    assertThatThrownBy(() -> new Photos(set).get(0))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("0.png");
  }

  private ImageSet set(int count) {
    List<ImageRecord> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path file = folder.resolve(i + ".png");
      Image.filled(8, 8, 0x102030 * i).writePng(file);
      images.add(new ImageRecord(i, i + ".png", file, 8, 8, List.of(), Optional.empty()));
    }
    return new ImageSet("set", List.of(), List.of(), images, Set.of(), "0", List.of());
  }
}
