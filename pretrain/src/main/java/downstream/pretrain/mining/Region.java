package downstream.pretrain.mining;

/**
 * A box on an image: whole pixels of the upright picture, origin at the upper left corner.
 *
 * @param x left edge
 * @param y upper edge
 * @param width at least 1
 * @param height at least 1
 */
public record Region(int x, int y, int width, int height) {
  public Region {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException("a region of " + width + "×" + height + " pixels");
    }
  }

  /** Pixels. */
  public long area() {
    return (long) width * height;
  }

  /** Intersection over union, in [0, 1]. */
  public double iou(Region other) {
    int across = Math.min(x + width, other.x + other.width) - Math.max(x, other.x);
    int down = Math.min(y + height, other.y + other.height) - Math.max(y, other.y);
    if (across <= 0 || down <= 0) {
      return 0;
    }
    double shared = (double) across * down;
    return shared / (area() + other.area() - shared);
  }
}
