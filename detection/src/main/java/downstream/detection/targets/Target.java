package downstream.detection.targets;

import java.util.List;
import java.util.Optional;

/**
 * An object to learn, in input pixels.
 *
 * @param category 0 to classes - 1
 * @param x left edge
 * @param mask its outline; empty where the annotation has none
 */
public record Target(
    int category, double x, double y, double width, double height, Optional<InstanceMask> mask) {

  /** Target of a region that shows no object. */
  public static final Target BACKGROUND = new Target(-1, 0, 0, 0, 0);

  /** An object without an outline. */
  public Target(int category, double x, double y, double width, double height) {
    this(category, x, y, width, height, Optional.empty());
  }

  public boolean isBackground() {
    return category < 0;
  }

  double area() {
    return width * height;
  }

  /** The boxes of objects as corners. */
  public static float[] corners(List<Target> objects) {
    float[] corners = new float[4 * objects.size()];
    for (int i = 0; i < objects.size(); i++) {
      Target object = objects.get(i);
      corners[4 * i] = (float) object.x;
      corners[4 * i + 1] = (float) object.y;
      corners[4 * i + 2] = (float) (object.x + object.width);
      corners[4 * i + 3] = (float) (object.y + object.height);
    }
    return corners;
  }
}
