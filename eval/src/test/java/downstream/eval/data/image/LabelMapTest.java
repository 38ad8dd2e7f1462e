package downstream.eval.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

public class LabelMapTest {
  @TempDir Path folder;

  @Test
  void png_keeps_every_value() {
    LabelMap map = random(9, 6, 12, 1);
    map.writePng(folder.resolve("a.png"));
    assertThat(LabelMap.read(folder.resolve("a.png"), Set.of())).isEqualTo(map);
  }

  @Test
  void ignored_values_become_255_and_those_above_close_the_gap() {
    LabelMap.of(6, 1, new byte[] {0, 1, 2, 3, 11, (byte) 255}).writePng(folder.resolve("a.png"));
    assertThat(LabelMap.read(folder.resolve("a.png"), Set.of(11)).values())
        .containsExactly(0, 1, 2, 3, 255, 255);
    assertThat(LabelMap.read(folder.resolve("a.png"), Set.of(0)).values())
        .containsExactly(255, 0, 1, 2, 10, 255);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void reads_the_indices_of_a_palette(int bits) throws Exception {
    byte[] ramp = new byte[1 << bits];
    new Random(bits).nextBytes(ramp);
    IndexColorModel palette = new IndexColorModel(bits, ramp.length, ramp, ramp, ramp);
    int type = bits == 8 ? BufferedImage.TYPE_BYTE_INDEXED : BufferedImage.TYPE_BYTE_BINARY;
    BufferedImage image = new BufferedImage(7, 5, type, palette);
    LabelMap map = random(7, 5, ramp.length, 2);
    for (int i = 0; i < 35; i++) {
      image.getRaster().setSample(i % 7, i / 7, 0, map.at(i % 7, i / 7));
    }
    Path file = folder.resolve("p.png");
    ImageIO.write(image, "png", file.toFile());
    assertThat(Files.readAllBytes(file)[24]).isEqualTo((byte) bits);
    assertThat(LabelMap.read(file, Set.of())).isEqualTo(map);
  }

  @Test
  void refuses_colour_and_16_bits_naming_file_and_find() throws Exception {
    Path colour = folder.resolve("c.png");
    Image.filled(2, 2, 0).writePng(colour);
    assertThatThrownBy(() -> LabelMap.read(colour, Set.of()))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(colour + ": expected one channel, found RGB of 8 bits.");
    Path deep = folder.resolve("d.png");
    ImageIO.write(new BufferedImage(2, 2, BufferedImage.TYPE_USHORT_GRAY), "png", deep.toFile());
    assertThatThrownBy(() -> LabelMap.read(deep, Set.of()))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(deep + ": expected 8 bits or less, found grey of 16 bits.");
  }

  @Test
  void refuses_what_is_not_or_only_begins_as_a_png() throws Exception {
    Path text = Files.writeString(folder.resolve("t.png"), "class 1");
    assertThatThrownBy(() -> LabelMap.read(text, Set.of()))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(text + ": expected a PNG");
    byte[] whole = random(60, 60, 200, 3).png();
    Path half = Files.write(folder.resolve("h.png"), java.util.Arrays.copyOf(whole, 900));
    assertThatThrownBy(() -> LabelMap.read(half, Set.of()))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(half + ": is a damaged PNG");
  }

  @Test
  void resizing_takes_the_value_under_each_centre() {
    LabelMap map = LabelMap.of(4, 2, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    assertThat(map.resizeNearest(2, 1).values()).containsExactly(6, 8);
    assertThat(map.resizeNearest(8, 4).resizeNearest(4, 2)).isEqualTo(map);
  }

  @Test
  void crop_and_flip_follow_the_image() {
    LabelMap map = LabelMap.of(3, 1, new byte[] {1, 2, 3});
    assertThat(map.crop(1, -1, 3, 2).values()).containsExactly(255, 255, 255, 2, 3, 255);
    assertThat(map.flip().values()).containsExactly(3, 2, 1);
  }

  public static LabelMap random(int width, int height, int classes, long seed) {
    Random random = new Random(seed);
    byte[] values = new byte[width * height];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) random.nextInt(classes);
    }
    return LabelMap.of(width, height, values);
  }
}
