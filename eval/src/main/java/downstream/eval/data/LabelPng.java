package downstream.eval.data;

import downstream.eval.BadInput;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Decodes label maps: unlike OpenCV, ImageIO gives a palette's indices. */
final class LabelPng {
  private static final String MEND =
      "A label map is a single-channel PNG of 8 bits or less that holds a class value per pixel";

  private LabelPng() {}

  /** The values as they stand in the file, which errors name. */
  static LabelMap decode(Object file, byte[] bytes) {
    PngHeader header =
        PngHeader.of(bytes)
            .orElseThrow(() -> new BadInput(file, "expected a PNG, found something else", MEND));
    if (!header.isGrey() && !header.isPalette()) {
      throw new BadInput(file, "expected one channel, found " + header.describe(), MEND);
    }
    if (header.bits() > 8) {
      throw new BadInput(file, "expected 8 bits or less, found " + header.describe(), MEND);
    }
    BufferedImage picture = read(file, bytes);
    int width = picture.getWidth();
    int height = picture.getHeight();
    int[] samples = picture.getRaster().getSamples(0, 0, width, height, 0, new int[width * height]);
    byte[] values = new byte[samples.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) samples[i];
    }
    return LabelMap.of(width, height, values);
  }

  private static BufferedImage read(Object file, byte[] bytes) {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("png");
    ImageReader reader = readers.next();
    try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      reader.setInput(in, true, true);
      return reader.read(0);
    } catch (IOException | RuntimeException e) {
      // The JDK's PNG reader answers damage with either.
      throw new BadInput(file, "is a damaged PNG (" + e.getMessage() + ")", "Fetch it again", e);
    } finally {
      reader.dispose();
    }
  }
}
