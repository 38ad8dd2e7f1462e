package downstream.detection;

/**
 * Puts a small mask of probabilities into the image, as Detectron2 does: over the box, bilinearly
 * with cell middles at half coordinates and nothing around it; a pixel belongs to the object where
 * its middle has more than half.
 */
final class MaskPaste {
  private static final double LEAST = 0.5;

  private MaskPaste() {}

  /**
   * The pixels of the object.
   *
   * @param mask side × side probabilities, row by row, over the box
   * @param left of the box, pixels of the image
   * @return height · width, row by row
   */
  static boolean[] paste(
      float[] mask,
      int side,
      double left,
      double top,
      double boxWidth,
      double boxHeight,
      int width,
      int height) {
    boolean[] pixels = new boolean[width * height];
    int fromX = Math.max(0, (int) Math.floor(left) - 1);
    int toX = Math.min(width, (int) Math.ceil(left + boxWidth) + 1);
    int fromY = Math.max(0, (int) Math.floor(top) - 1);
    int toY = Math.min(height, (int) Math.ceil(top + boxHeight) + 1);
    for (int y = fromY; y < toY; y++) {
      double row = (y + 0.5 - top) / boxHeight * side - 0.5;
      for (int x = fromX; x < toX; x++) {
        double column = (x + 0.5 - left) / boxWidth * side - 0.5;
        pixels[y * width + x] = sample(mask, side, row, column) >= LEAST;
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
