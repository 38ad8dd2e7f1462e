package downstream.eval.data.synthetic;

import downstream.eval.data.image.CutOut;
import downstream.eval.data.image.Image;

/** Bilinear reading of images, defined here so that it gives the same values on every machine. */
final class Sampling {
  private Sampling() {}

  /**
   * Adds the colour at a place, weighted by its opacity, and the opacity.
   *
   * @param u from 0 at the left edge to 1 at the right
   * @param v from 0 at the upper edge to 1 at the lower
   * @param sum red, green, blue times opacity; opacity, in [0, 1]
   */
  static void add(CutOut source, double u, double v, double[] sum) {
    Image image = source.image();
    double x = clamp(u * image.width() - .5, image.width());
    double y = clamp(v * image.height() - .5, image.height());
    int left = (int) x;
    int top = (int) y;
    for (int corner = 0; corner < 4; corner++) {
      int column = left + corner % 2;
      int row = top + corner / 2;
      double weight =
          (corner % 2 == 0 ? 1 - (x - left) : x - left) * (corner < 2 ? 1 - (y - top) : y - top);
      if (weight > 0) {
        double opaque = weight * source.alpha(column, row) / 255.0;
        int colour = image.at(column, row);
        sum[0] += opaque * (colour >> 16);
        sum[1] += opaque * (colour >> 8 & 0xFF);
        sum[2] += opaque * (colour & 0xFF);
        sum[3] += opaque;
      }
    }
  }

  private static double clamp(double at, int length) {
    return Math.max(0, Math.min(length - 1, at));
  }
}
