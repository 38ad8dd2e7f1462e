package downstream.eval.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The upright size of an image, from its first bytes: JPEG with EXIF orientation, and PNG. Of
 * anything else it knows nothing, and the image has to be decoded.
 */
public final class ImageHeader {
  private static final int ORIENTATION = 0x0112;

  private final ByteBuffer bytes;

  private ImageHeader(byte[] file) {
    this.bytes = ByteBuffer.wrap(file);
  }

  public static Optional<ImageSize> size(byte[] file) {
    try {
      ImageHeader header = new ImageHeader(file);
      return header.isJpeg() ? header.jpeg() : header.png(file);
    } catch (IndexOutOfBoundsException | IllegalArgumentException cutOff) {
      return Optional.empty();
    }
  }

  private boolean isJpeg() {
    return bytes.limit() > 4 && u16(0) == 0xFFD8;
  }

  /** Walks the marker segments (ITU-T T.81, B.1.1) to the frame header. */
  private Optional<ImageSize> jpeg() {
    int orientation = 1;
    int at = 2;
    while (true) {
      while (u8(at) == 0xFF && u8(at + 1) == 0xFF) {
        at++;
      }
      int marker = u16(at);
      if (marker < 0xFFC0 || marker == 0xFFD9 || marker == 0xFFDA) {
        return Optional.empty();
      }
      if (isFrame(marker)) {
        return upright(u16(at + 7), u16(at + 5), orientation);
      }
      if (marker == 0xFFE1 && orientation == 1) {
        orientation = orientation(at + 4, u16(at + 2) - 2);
      }
      at += 2 + u16(at + 2);
    }
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xFFC0
        && marker <= 0xFFCF
        && marker != 0xFFC4
        && marker != 0xFFC8
        && marker != 0xFFCC;
  }

  private static Optional<ImageSize> upright(int width, int height, int orientation) {
    if (width == 0 || height == 0) {
      return Optional.empty();
    }
    boolean lies = orientation >= 5 && orientation <= 8;
    return Optional.of(lies ? new ImageSize(height, width) : new ImageSize(width, height));
  }

  /** The orientation in an APP1 segment (Exif 2.3, 4.6.4): 1 to 8, and 1 if it has none. */
  private int orientation(int from, int length) {
    byte[] segment = new byte[length];
    bytes.get(from, segment);
    if (!new String(segment, StandardCharsets.ISO_8859_1).startsWith("Exif\0\0")) {
      return 1;
    }
    ByteBuffer tiff = ByteBuffer.wrap(segment, 6, length - 6).slice();
    tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int directory = tiff.getInt(4);
    int entries = tiff.getShort(directory) & 0xFFFF;
    for (int i = 0; i < entries; i++) {
      int entry = directory + 2 + 12 * i;
      if ((tiff.getShort(entry) & 0xFFFF) == ORIENTATION) {
        return tiff.getShort(entry + 8) & 0xFFFF;
      }
    }
    return 1;
  }

  /** The size of a PNG that carries no EXIF, in a chunk of its own or as text. */
  private Optional<ImageSize> png(byte[] file) {
    Optional<PngHeader> header = PngHeader.of(file);
    if (header.isEmpty()) {
      return Optional.empty();
    }
    for (int at = 8; at + 19 <= file.length; at += 12 + Math.max(0, bytes.getInt(at))) {
      String type = new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
      boolean profile =
          new String(file, at + 8, 11, StandardCharsets.ISO_8859_1).equals("Raw profile");
      if (type.equals("eXIf") || profile) {
        return Optional.empty();
      }
    }
    return header.map(png -> new ImageSize(png.width(), png.height()));
  }

  private int u8(int at) {
    return bytes.get(at) & 0xFF;
  }

  private int u16(int at) {
    return bytes.getShort(at) & 0xFFFF;
  }
}
