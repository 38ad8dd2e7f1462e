package downstream.eval.data.synthetic;

/**
 * The part of a crop that is pasted, and its edge.
 *
 * @param exponent of the superellipse |x|ᵖ + |y|ᵖ ≤ 1 that is cut out of the crop: 2 is an ellipse,
 *     large ones near a rectangle; 0 cuts out nothing, the crop's own alpha decides
 * @param softness width in pixels over which the edge fades; 0 is hard: each pixel shows one thing
 */
record PastedShape(double exponent, double softness) {
  private static final double OPAQUE = .5;

  /**
   * The opacity of a pixel.
   *
   * @param alpha of the crop, in [0, 1]
   * @param x of the pixel's centre, from the left edge of the pasted object
   * @param y likewise, from its upper edge
   */
  double opacity(double alpha, double x, double y, int width, int height) {
    double opacity = exponent == 0 ? alpha : Math.min(alpha, inside(x, y, width, height));
    if (softness > 0) {
      return opacity;
    }
    return opacity >= OPAQUE ? 1 : 0;
  }

  /** Distance into the superellipse: 1 in its middle, 0 outside, in between along the edge. */
  private double inside(double x, double y, int width, int height) {
    double across = StrictMath.pow(Math.abs(2 * x / width - 1), exponent);
    double down = StrictMath.pow(Math.abs(2 * y / height - 1), exponent);
    double radius = StrictMath.pow(across + down, 1 / exponent);
    double pixels = (1 - radius) * Math.min(width, height) / 2;
    return Math.max(0, Math.min(1, softness == 0 ? pixels + OPAQUE : pixels / softness));
  }
}
