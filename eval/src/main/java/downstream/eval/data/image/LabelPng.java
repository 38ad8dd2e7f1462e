package downstream.eval.data.image;

import downstream.eval.BadInput;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.zip.DataFormatException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes label maps: a palette's indices count, not its colours, which is why OpenCV does not do.
 */
public final class LabelPng {
  private static final String FIX =
      "Save it as a single-channel PNG of 8 bits or less with a class value per pixel";

  private LabelPng() {}

  /** The values of the file, which errors name. */
  public static LabelMap decode(Object file, byte[] bytes) {
    return decode(file, bytes, new byte[0]);
  }

  /**
   * The same, in the memory of {@code spare} if that is as long as there are pixels.
   *
   * @param spare becomes the map's, or is left alone
   */
  static LabelMap decode(Object file, byte[] bytes, byte[] spare) {
    PngHeader header =
        PngHeader.of(bytes)
            .orElseThrow(
                () -> new BadInput(file, "expected a PNG, found " + ImageFile.found(bytes), FIX));
    if (!header.isGrey() && !header.isPalette()) {
      throw new BadInput(file, "expected one channel, found " + header.describe(), FIX);
    }
    if (header.bits() > 8) {
      throw new BadInput(file, "expected 8 bits or less, found " + header.describe(), FIX);
    }
    if (Integer.bitCount(header.bits()) != 1) {
      throw new BadInput(file, "expected 1, 2, 4 or 8 bits, found " + header.describe(), FIX);
    }
    try {
      byte[] values =
          header.interlaced() ? interlaced(bytes) : PngRows.samples(header, bytes, spare);
      return LabelMap.of(header.width(), header.height(), values);
    } catch (IOException | DataFormatException | RuntimeException e) {
      // The JDK's PNG reader answers damage with any of them.
      throw new BadInput(
          file, "is a damaged PNG (" + e.getMessage() + ")", "Download or export it again", e);
    }
  }

  private static byte[] interlaced(byte[] bytes) throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("png");
    ImageReader reader = readers.next();
    try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      reader.setInput(in, true, true);
      BufferedImage image = reader.read(0);
      int width = image.getWidth();
      int height = image.getHeight();
      int[] samples = image.getRaster().getSamples(0, 0, width, height, 0, new int[width * height]);
      byte[] values = new byte[samples.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = (byte) samples[i];
      }
      return values;
    } finally {
      reader.dispose();
    }
  }
}
