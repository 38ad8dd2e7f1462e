package downstream.segmentation;

import java.util.List;

/**
 * A picture made to fit a square without changing the shape of its pixels: its longer side becomes
 * the square's, it lies in the upper left corner, and the rest is the encoder's mean colour.
 *
 * @param size side of the square in pixels
 * @param width of the picture inside it
 * @param height of the picture inside it
 */
record Letterbox(int size, int width, int height) {
  /** Fits a picture of {@code width} × {@code height} pixels. */
  static Letterbox fit(int width, int height, int size) {
    double scale = (double) size / Math.max(width, height);
    return new Letterbox(size, scaled(width, scale), scaled(height, scale));
  }

  /** Fits the shorter side instead: the picture reaches over the square's right or lower edge. */
  static Letterbox cover(int width, int height, int size) {
    double scale = (double) size / Math.min(width, height);
    return new Letterbox(size, scaled(width, scale), scaled(height, scale));
  }

  /** A side of at least one pixel. */
  static int scaled(int side, double scale) {
    return Math.max(1, (int) Math.round(side * scale));
  }

  /** The mean as 0xRRGGBB, which normalises to about 0. */
  static int fill(List<Double> mean) {
    int colour = 0;
    for (double channel : mean) {
      colour = colour << 8 | (int) Math.round(255 * Math.min(1, Math.max(0, channel)));
    }
    return colour;
  }
}
