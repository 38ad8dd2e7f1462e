package downstream.eval.data.image;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The IHDR chunk of a PNG.
 *
 * @param bits per sample
 * @param colourType 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
 * @param interlaced whether its rows come in Adam7's seven passes
 */
record PngHeader(int width, int height, int bits, int colourType, boolean interlaced) {
  private static final long SIGNATURE = 0x89504E470D0A1A0AL;
  private static final int IHDR = 0x49484452;

  /** The header, if these bytes begin like a PNG. */
  static Optional<PngHeader> of(byte[] file) {
    ByteBuffer buffer = ByteBuffer.wrap(file);
    if (file.length < 29 || buffer.getLong(0) != SIGNATURE || buffer.getInt(12) != IHDR) {
      return Optional.empty();
    }
    int width = buffer.getInt(16);
    int height = buffer.getInt(20);
    boolean sane = width > 0 && height > 0;
    return sane
        ? Optional.of(new PngHeader(width, height, file[24], file[25], file[28] != 0))
        : Optional.empty();
  }

  boolean isGrey() {
    return colourType == 0;
  }

  boolean isPalette() {
    return colourType == 3;
  }

  /** Colour type and depth in words, for messages. */
  String describe() {
    String colour =
        switch (colourType) {
          case 0 -> "grey";
          case 2 -> "RGB";
          case 3 -> "palette";
          case 4 -> "grey with alpha";
          case 6 -> "RGB with alpha";
          default -> "colour type " + colourType;
        };
    return colour + " of " + bits + " bits";
  }
}
