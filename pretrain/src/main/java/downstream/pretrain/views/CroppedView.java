package downstream.pretrain.views;

import java.util.Optional;

/** A view that knows which part of the image it shows, so that boxes can be found in it again. */
public final class CroppedView {
  private final float[] planes;
  private final int size;
  private final Region crop;
  private final boolean flipped;

  CroppedView(float[] planes, int size, Region crop, boolean flipped) {
    this.planes = planes;
    this.size = size;
    this.crop = crop;
    this.flipped = flipped;
  }

  /** [3, size, size], RGB planes normalised by {@link ImageNetStatistics}; not a copy. */
  public float[] planes() {
    return planes;
  }

  /** Side of the view, pixels. */
  public int size() {
    return size;
  }

  /** The part of the image that fills the view. */
  public Region crop() {
    return crop;
  }

  /** Tells whether the view is mirrored left to right. */
  public boolean flipped() {
    return flipped;
  }

  /**
   * The box of a part of the image in the view, cut at the view's border; empty if it is outside.
   */
  public Optional<ViewBox> map(Region part) {
    double perX = (double) size / crop.width();
    double perY = (double) size / crop.height();
    double left = inside((part.x() - crop.x()) * perX);
    double right = inside((part.x() + part.width() - crop.x()) * perX);
    double top = inside((part.y() - crop.y()) * perY);
    double bottom = inside((part.y() + part.height() - crop.y()) * perY);
    if (left >= right || top >= bottom) {
      return Optional.empty();
    }
    return Optional.of(
        flipped
            ? new ViewBox(size - right, top, size - left, bottom)
            : new ViewBox(left, top, right, bottom));
  }

  private double inside(double position) {
    return Math.max(0, Math.min(size, position));
  }
}
