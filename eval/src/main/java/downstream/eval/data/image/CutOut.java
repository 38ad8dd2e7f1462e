package downstream.eval.data.image;

import downstream.eval.BadInput;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An image whose pixels are more or less opaque: 8-bit RGB and alpha, rows from the top. It is not
 * changed once made.
 */
public final class CutOut {
  private final Image image;
  private final byte[] alpha;

  private CutOut(Image image, byte[] alpha) {
    this.image = image;
    this.alpha = alpha;
  }

  /**
   * Reads an image with its alpha channel; empty if it has none.
   *
   * @throws BadInput if there is no such file, or it is not an image
   */
  public static Optional<CutOut> read(Path file) {
    byte[] bytes = ImageFile.bytes(file);
    Image image = Image.decode(file, bytes);
    byte[] alpha = OpenCv.decodeAlpha(bytes);
    return alpha.length == image.width() * image.height()
        ? Optional.of(new CutOut(image, alpha))
        : Optional.empty();
  }

  /** An image of which everything is opaque. */
  public static CutOut opaque(Image image) {
    byte[] alpha = new byte[image.width() * image.height()];
    java.util.Arrays.fill(alpha, (byte) 255);
    return new CutOut(image, alpha);
  }

  /** The colours, also of what cannot be seen. */
  public Image image() {
    return image;
  }

  /** The opacity of a pixel, 0 to 255. */
  public int alpha(int x, int y) {
    return alpha[y * image.width() + x] & 0xFF;
  }

  /** Tells whether any pixel is at least half opaque. */
  public boolean isVisible() {
    for (byte value : alpha) {
      if ((value & 0xFF) >= 128) {
        return true;
      }
    }
    return false;
  }
}
