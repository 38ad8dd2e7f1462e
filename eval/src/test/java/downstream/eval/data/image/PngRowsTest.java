package downstream.eval.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import org.junit.jupiter.api.Test;

/** Files of every filter and depth, written here byte by byte and held against ImageIO. */
class PngRowsTest {
  private static final int[] DEPTHS = {1, 2, 4, 8};

  @Test
  void reads_every_filter_at_every_depth_as_image_io_does() throws IOException {
    Random random = new Random(1);
    for (int bits : DEPTHS) {
      for (int round = 0; round < 20; round++) {
        int width = 1 + random.nextInt(300);
        int height = 1 + random.nextInt(300);
        byte[] rows = new byte[height * (1 + (width * bits + 7) / 8)];
        random.nextBytes(rows);
        // Every other image consists of areas, which are read eight pixels at a time.
        for (int i = 0; i < rows.length && round % 2 == 0; i++) {
          rows[i] = random.nextInt(20) == 0 ? rows[i] : 0;
        }
        for (int y = 0; y < height; y++) {
          rows[y * (rows.length / height)] = (byte) random.nextInt(5);
        }
        byte[] file = png(width, height, bits, rows, 1 + random.nextInt(2000));
        assertThat(LabelMap.decode("a.png", file, Set.of())).isEqualTo(byImageIo(file));
      }
    }
  }

  @Test
  void reads_interlaced_files() throws IOException {
    byte[] ramp = new byte[256];
    new Random(2).nextBytes(ramp);
    BufferedImage image =
        new BufferedImage(
            19, 13, BufferedImage.TYPE_BYTE_INDEXED, new IndexColorModel(8, 256, ramp, ramp, ramp));
    LabelMap map = LabelMapTest.random(19, 13, 256, 3);
    image.getRaster().setDataElements(0, 0, 19, 13, map.values());
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), param);
    }
    assertThat(bytes.toByteArray()[28]).as("interlaced").isEqualTo((byte) 1);
    assertThat(LabelMap.decode("a.png", bytes.toByteArray(), Set.of())).isEqualTo(map);
  }

  @Test
  void refuses_damage_wherever_it_is() {
    byte[] whole = LabelMapTest.random(30, 20, 50, 4).png();
    int refused = 0;
    for (int at = 33; at < whole.length - 12; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x10;
      assertThatThrownBy(() -> LabelMap.decode("a.png", damaged, Set.of()))
          .isInstanceOf(BadInput.class)
          .hasMessageStartingWith("a.png: is a damaged PNG");
      refused++;
    }
    assertThat(refused).isGreaterThan(100);
  }

  @Test
  void refuses_a_file_with_too_few_rows() {
    byte[] file = png(4, 3, 8, new byte[2 * 5], 100);
    assertThatThrownBy(() -> LabelMap.decode("a.png", file, Set.of()))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("it ends after 2 rows");
  }

  private static LabelMap byImageIo(byte[] file) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(file));
    int width = image.getWidth();
    int height = image.getHeight();
    int[] samples = image.getRaster().getSamples(0, 0, width, height, 0, (int[]) null);
    byte[] values = new byte[samples.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) samples[i];
    }
    return LabelMap.of(width, height, values);
  }

  /** A grey PNG of these filtered rows, its stream cut into chunks of {@code chunk} bytes. */
  private static byte[] png(int width, int height, int bits, byte[] rows, int chunk) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    chunk(file, "IHDR", header.put((byte) bits).array(), 0, 13);
    Deflater deflater = new Deflater();
    deflater.setInput(rows);
    deflater.finish();
    byte[] stream = new byte[rows.length + 1000];
    int length = deflater.deflate(stream);
    deflater.end();
    for (int at = 0; at < length; at += chunk) {
      chunk(file, "IDAT", stream, at, Math.min(chunk, length - at));
    }
    chunk(file, "IEND", new byte[0], 0, 0);
    return file.toByteArray();
  }

  private static void chunk(
      ByteArrayOutputStream file, String type, byte[] data, int from, int length) {
    ByteBuffer chunk = ByteBuffer.allocate(12 + length).putInt(length);
    chunk.put(type.getBytes(StandardCharsets.US_ASCII)).put(data, from, length);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, 4 + length);
    file.writeBytes(chunk.putInt((int) crc.getValue()).array());
  }
}
