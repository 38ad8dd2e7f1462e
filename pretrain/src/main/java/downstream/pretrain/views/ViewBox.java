package downstream.pretrain.views;

/**
 * A box in a view, in pixels of the view, origin at its upper left corner.
 *
 * @param left edge
 * @param top edge
 * @param right edge, beyond the left one
 * @param bottom edge, beyond the top one
 */
public record ViewBox(double left, double top, double right, double bottom) {
  public ViewBox {
    if (!(left < right && top < bottom)) {
      throw new IllegalArgumentException(
          "a box must have left < right and top < bottom, not "
              + String.join(", ", "" + left, "" + top, "" + right, "" + bottom));
    }
  }

  /** Tells whether a point is within the box; its left and top edge belong to it. */
  public boolean contains(double x, double y) {
    return x >= left && x < right && y >= top && y < bottom;
  }
}
