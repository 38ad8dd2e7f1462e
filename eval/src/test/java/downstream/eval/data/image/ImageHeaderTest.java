package downstream.eval.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The header says what decoding gives; that is OpenCV, which read the format by other means. */
class ImageHeaderTest {
  private enum Order {
    LITTLE,
    BIG
  }

  private static void assertThatHeaderAgrees(byte[] file) {
    Image decoded = Image.decode(Path.of("made.jpg"), file);
    assertThat(ImageHeader.size(file)).contains(new ImageSize(decoded.width(), decoded.height()));
  }

  @ParameterizedTest
  @EnumSource(Order.class)
  void knows_every_exif_orientation(Order order) throws Exception {
    for (int orientation = 0; orientation <= 9; orientation++) {
      byte[] file = withExif(jpeg(false), orientation, order == Order.LITTLE);
      assertThatHeaderAgrees(file);
      boolean lies = orientation >= 5 && orientation <= 8;
      assertThat(ImageHeader.size(file))
          .contains(lies ? new ImageSize(16, 24) : new ImageSize(24, 16));
    }
  }

  @Test
  void turns_the_pixels_as_exif_says() throws Exception {
    Image plain = Image.decode(Path.of("made.jpg"), jpeg(false));
    Image turned = Image.decode(Path.of("made.jpg"), withExif(jpeg(false), 6, true));
    assertThat(turned.at(15 - 3, 5)).isEqualTo(plain.at(5, 3));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void knows_baseline_and_progressive_jpeg(boolean progressive) throws Exception {
    assertThatHeaderAgrees(jpeg(progressive));
  }

  @Test
  void knows_grey_images() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    var grey = new java.awt.image.BufferedImage(9, 5, java.awt.image.BufferedImage.TYPE_BYTE_GRAY);
    ImageIO.write(grey, "jpg", out);
    assertThatHeaderAgrees(out.toByteArray());
    assertThatHeaderAgrees(LabelMapTest.random(9, 5, 4, 1).png());
  }

  @Test
  void leaves_a_png_with_exif_to_the_decoder() {
    byte[] png = ImageTest.random(24, 16, 1).storedPng();
    assertThat(ImageHeader.size(png)).contains(new ImageSize(24, 16));
    ByteBuffer chunk =
        ByteBuffer.allocate(12 + 4).putInt(4).put("eXIf".getBytes(StandardCharsets.US_ASCII));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(png, 0, 33);
    out.writeBytes(chunk.array());
    out.write(png, 33, png.length - 33);
    assertThat(ImageHeader.size(out.toByteArray())).isEmpty();
  }

  @Test
  void never_fails_on_damaged_files() throws Exception {
    byte[] whole = withExif(jpeg(false), 6, false);
    Random random = new Random(3);
    for (int round = 0; round < 2000; round++) {
      byte[] damaged = Arrays.copyOf(whole, random.nextInt(whole.length));
      for (int i = 0; i < 3 && damaged.length > 2; i++) {
        damaged[2 + random.nextInt(damaged.length - 2)] = (byte) random.nextInt();
      }
      assertThat(ImageHeader.size(damaged)).isNotNull();
    }
    assertThat(ImageHeader.size(new byte[0])).isEmpty();
  }

  static byte[] jpeg(boolean progressive) throws Exception {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var stream = ImageIO.createImageOutputStream(out)) {
      ImageWriteParam settings = writer.getDefaultWriteParam();
      settings.setProgressiveMode(
          progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
      writer.setOutput(stream);
      Image image = ImageTest.random(24, 16, 8);
      writer.write(null, new IIOImage(image.toBuffered(), null, null), settings);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  /** The file with an APP1 segment that holds nothing but an orientation. */
  static byte[] withExif(byte[] jpeg, int orientation, boolean little) {
    ByteBuffer exif = ByteBuffer.allocate(4 + 6 + 8 + 2 + 12 + 4);
    exif.putShort((short) 0xFFE1).putShort((short) (exif.capacity() - 2));
    exif.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
    exif.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    exif.put((little ? "II" : "MM").getBytes(StandardCharsets.US_ASCII));
    exif.putShort((short) 42).putInt(8).putShort((short) 1);
    exif.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, 2);
    out.writeBytes(exif.array());
    out.write(jpeg, 2, jpeg.length - 2);
    return out.toByteArray();
  }
}
