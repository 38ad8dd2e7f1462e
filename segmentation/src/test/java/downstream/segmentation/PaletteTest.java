package downstream.segmentation;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaletteTest {
  @TempDir private Path folder;

  @Test
  void takes_the_colours_of_the_set_s_own_label_maps() throws Exception {
    byte[] red = {0, (byte) 128, 0, (byte) 128};
    byte[] green = {0, 0, (byte) 128, (byte) 128};
    byte[] blue = {0, 0, 0, 0};
    ImageSet set = set(new IndexColorModel(8, 4, red, green, blue), Set.of());

    assertThat(Palette.of(set).colour(1)).isEqualTo(0x800000);
    assertThat(Palette.of(set).colour(255)).isEqualTo(0xffffff);
    assertThat(Palette.of(set(new IndexColorModel(8, 4, red, green, blue), Set.of(0))).colour(0))
        .as("values above an ignored one move down")
        .isEqualTo(0x800000);
  }

  @Test
  void generates_colours_where_the_files_have_none_that_tell_classes_apart() throws Exception {
    byte[] same = {7, 7, 7, 7};
    ImageSet set = set(new IndexColorModel(8, 4, same, same, same), Set.of());

    assertThat(Palette.of(set)).isSameAs(Palette.GENERATED);
    assertThat(Palette.of(Blocks.write(folder.resolve("set"), 1, 1))).isSameAs(Palette.GENERATED);
  }

  private ImageSet set(IndexColorModel palette, Set<Integer> ignore) throws Exception {
    Path file = folder.resolve("p.png");
    ImageIO.write(
        new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_INDEXED, palette), "png", file.toFile());
    ImageSet blocks =
        Blocks.set(List.of(new ImageRecord(1, "p", file, 2, 2, List.of(), Optional.of(file))));
    return new ImageSet("p", List.of(), blocks.labels(), blocks.images(), ignore, "p", List.of());
  }
}
