package downstream.detection;

import downstream.eval.data.image.ImageSize;

/**
 * Puts a small mask of probabilities into the image, as Detectron2 does: over the box, bilinearly
 * with cell middles at half coordinates and nothing around it; a pixel belongs to the object where
 * its middle has more than half.
 *
 * @param left of the box, pixels of the image
 * @param top of the box
 * @param width of the box
 * @param height of the box
 */
record MaskPaste(double left, double top, double width, double height) {
  private static final double LEAST = 0.5;

  /**
   * The pixels of the object.
   *
   * @param mask side × side probabilities, row by row, over the box
   * @return height · width of the image, row by row
   */
  boolean[] paste(float[] mask, int side, ImageSize image) {
    boolean[] pixels = new boolean[image.width() * image.height()];
    int fromX = Math.max(0, (int) Math.floor(left) - 1);
    int toX = Math.min(image.width(), (int) Math.ceil(left + width) + 1);
    int fromY = Math.max(0, (int) Math.floor(top) - 1);
    int toY = Math.min(image.height(), (int) Math.ceil(top + height) + 1);
    for (int y = fromY; y < toY; y++) {
      double row = (y + 0.5 - top) / height * side - 0.5;
      for (int x = fromX; x < toX; x++) {
        double column = (x + 0.5 - left) / width * side - 0.5;
        pixels[y * image.width() + x] = sample(mask, side, row, column) >= LEAST;
      }
    }
    return pixels;
  }

  private static double sample(float[] mask, int side, double row, double column) {
    int y = (int) Math.floor(row);
    int x = (int) Math.floor(column);
    double down = row - y;
    double across = column - x;
    return (1 - down) * ((1 - across) * at(mask, side, y, x) + across * at(mask, side, y, x + 1))
        + down * ((1 - across) * at(mask, side, y + 1, x) + across * at(mask, side, y + 1, x + 1));
  }

  private static double at(float[] mask, int side, int y, int x) {
    return y >= 0 && x >= 0 && y < side && x < side ? mask[y * side + x] : 0;
  }
}
