package downstream.eval.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public class ImageTest {
  @TempDir Path folder;

  @Test
  void png_keeps_every_pixel() {
    Image image = random(13, 7, 1);
    image.writePng(folder.resolve("a.png"));
    assertThat(Image.read(folder.resolve("a.png"))).isEqualTo(image);
  }

  @Test
  void stored_png_keeps_every_pixel() throws Exception {
    Image image = random(200, 150, 2);
    Files.write(folder.resolve("a.png"), Png.stored(200, 150, 3, image.rgb()));
    assertThat(Image.read(folder.resolve("a.png"))).isEqualTo(image);
  }

  @Test
  void crop_fills_what_lies_outside() {
    Image image = random(5, 4, 3);
    Image crop = image.crop(-2, 1, 9, 5, 0x010203);
    for (int y = 0; y < 5; y++) {
      for (int x = 0; x < 9; x++) {
        boolean inside = x >= 2 && x < 7 && y < 3;
        assertThat(crop.at(x, y)).isEqualTo(inside ? image.at(x - 2, y + 1) : 0x010203);
      }
    }
    assertThat(image.crop(50, 50, 2, 2)).isEqualTo(Image.filled(2, 2, Image.MEAN_GREY));
  }

  @Test
  void flip_mirrors_left_to_right() {
    Image image = random(5, 4, 4);
    assertThat(image.flip().at(0, 2)).isEqualTo(image.at(4, 2));
    assertThat(image.flip().flip()).isEqualTo(image);
  }

  @Test
  void shrinking_averages_areas_and_growing_keeps_flat_colours() {
    Image board = Image.of(4, 2, new byte[24]);
    for (int i = 0; i < 8; i++) {
      board.rgb()[3 * i] = (byte) (i % 2 == 0 ? 200 : 100);
    }
    assertThat(board.resize(2, 1)).isEqualTo(Image.filled(2, 1, 0x960000));
    assertThat(board.resize(2, 5)).isEqualTo(Image.filled(2, 5, 0x960000));
    assertThat(Image.filled(3, 3, 0x123456).resize(7, 8)).isEqualTo(Image.filled(7, 8, 0x123456));
  }

  @Test
  void planes_normalise_and_come_back() {
    List<Double> mean = List.of(0.485, 0.456, 0.406);
    List<Double> std = List.of(0.229, 0.224, 0.225);
    Image image = random(6, 5, 5);
    float[] planes = image.planes(mean, std);
    double green = (image.rgb()[3 * 8 + 1] & 0xFF) / 255.0;
    assertThat(planes[30 + 8]).isEqualTo((float) ((green - 0.456) / 0.224));
    assertThat(Image.ofPlanes(planes, 6, 5, mean, std)).isEqualTo(image);
    planes[0] = 99;
    assertThat(Image.ofPlanes(planes, 6, 5, mean, std).at(0, 0) >> 16).isEqualTo(255);
  }

  @Test
  void goes_through_awt_unchanged() {
    Image image = random(6, 5, 6);
    assertThat(Image.of(image.toBuffered())).isEqualTo(image);
  }

  @Test
  void names_a_file_that_is_not_there() {
    Path file = folder.resolve("none.jpg");
    assertThatThrownBy(() -> Image.read(file))
        .isInstanceOf(BadInput.class)
        .hasMessage(file + ": no such file or folder. Check the path");
  }

  @Test
  void names_a_text_file_called_jpg_and_quotes_it() throws Exception {
    Path file = Files.writeString(folder.resolve("a.jpg"), "hello, I am a text");
    assertThatThrownBy(() -> Image.read(file))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(file + ": expected an image, found 'hello, I am a te…'.");
    Files.write(file, new byte[0]);
    assertThatThrownBy(() -> Image.read(file)).hasMessageContaining("found an empty file");
  }

  @Test
  void tells_an_image_that_is_cut_off_from_no_image() throws Exception {
    for (byte[] whole : List.of(ImageHeaderTest.jpeg(false), random(30, 30, 1).storedPng())) {
      Path file = Files.write(folder.resolve("a.jpg"), Arrays.copyOf(whole, whole.length / 2));
      assertThatThrownBy(() -> Image.read(file))
          .isInstanceOf(BadInput.class)
          .hasMessageStartingWith(file + ": starts as an image but is truncated or damaged.");
    }
  }

  @Test
  void refuses_bytes_that_do_not_fit_the_size() {
    assertThatThrownBy(() -> Image.of(2, 2, new byte[11]))
        .hasMessage("11 bytes are not an RGB image of 2×2");
  }

  public static Image random(int width, int height, long seed) {
    byte[] rgb = new byte[width * height * 3];
    new Random(seed).nextBytes(rgb);
    return Image.of(width, height, rgb);
  }
}
