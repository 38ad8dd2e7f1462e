package downstream.pretrain.views;

import java.util.Optional;

/**
 * A part of an image, in whole pixels of the upright image, origin at its upper left corner.
 *
 * @param x left edge, 0 or more
 * @param y upper edge, 0 or more
 * @param width positive
 * @param height positive
 */
public record Region(int x, int y, int width, int height) {
  public Region {
    if (x < 0 || y < 0 || width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "a region needs a corner from 0 and sides from 1, not ("
              + String.join(", ", "" + x, "" + y, "" + width, "" + height)
              + ")");
    }
  }

  /** All of an image. */
  public static Region whole(int width, int height) {
    return new Region(0, 0, width, height);
  }

  /** Tells whether the region is within an image of this size. */
  public boolean inside(int imageWidth, int imageHeight) {
    return (long) x + width <= imageWidth && (long) y + height <= imageHeight;
  }

  /** Returns the area in pixels. */
  public long area() {
    return (long) width * height;
  }

  /** The part that is in another region too; empty if there is none. */
  public Optional<Region> intersection(Region that) {
    int left = Math.max(x, that.x);
    int top = Math.max(y, that.y);
    long across = Math.min((long) x + width, (long) that.x + that.width) - left;
    long down = Math.min((long) y + height, (long) that.y + that.height) - top;
    return across > 0 && down > 0
        ? Optional.of(new Region(left, top, (int) across, (int) down))
        : Optional.empty();
  }

  /** Intersection over union with another region, in [0, 1]. */
  public double iou(Region that) {
    long shared = intersection(that).map(Region::area).orElse(0L);
    return (double) shared / (area() + that.area() - shared);
  }
}
