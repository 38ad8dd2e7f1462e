package downstream.eval.finetune;

import downstream.eval.data.image.Image;
import java.util.List;

/**
 * A whole image inside a square, its aspect ratio kept: resized, in the upper left corner, and the
 * rest padded with the encoder's mean colour.
 *
 * @param size side of the square, pixels
 * @param width width of the resized image, pixels; more than size if it is cropped at the right
 * @param height height of the resized image, pixels; more than size if it is cropped at the bottom
 */
public record Letterbox(int size, int width, int height) {
  /** The longer side fills the square. */
  public static Letterbox fit(int width, int height, int size) {
    double scale = (double) size / Math.max(width, height);
    return new Letterbox(size, scaled(width, scale), scaled(height, scale));
  }

  /** The shorter side fills the square; the image exceeds it at the right or the bottom. */
  public static Letterbox cover(int width, int height, int size) {
    double scale = (double) size / Math.min(width, height);
    return new Letterbox(size, scaled(width, scale), scaled(height, scale));
  }

  /**
   * The shorter side has a given length, or the longer one its limit, whichever is smaller.
   *
   * @param shortSide length of the shorter side, pixels
   * @param maxLongSide limit of the longer side, at most {@code size}, pixels
   */
  public static Letterbox shortSide(
      int width, int height, int size, int shortSide, int maxLongSide) {
    double scale =
        Math.min(
            (double) shortSide / Math.min(width, height),
            (double) maxLongSide / Math.max(width, height));
    return new Letterbox(size, scaled(width, scale), scaled(height, scale));
  }

  /** A side times a scale, rounded, at least one pixel. */
  public static int scaled(int side, double scale) {
    return Math.max(1, (int) Math.round(side * scale));
  }

  /**
   * The padding's colour as 0xRRGGBB: the encoder's mean, which normalises to about 0.
   *
   * @param mean of red, green and blue, in [0, 1]
   */
  public static int fill(List<Double> mean) {
    int colour = 0;
    for (double channel : mean) {
      colour = colour << 8 | (int) Math.round(255 * Math.min(1, Math.max(0, channel)));
    }
    return colour;
  }

  /**
   * Draws the image into the square, size × size.
   *
   * @param mirrored whether it is mirrored before, and so stays in the upper left corner
   * @param fill colour of the padding, 0xRRGGBB
   */
  public Image draw(Image image, boolean mirrored, int fill) {
    Image resized = image.resize(width, height);
    return (mirrored ? resized.flip() : resized).crop(0, 0, size, size, fill);
  }
}
