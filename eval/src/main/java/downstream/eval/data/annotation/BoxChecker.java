package downstream.eval.data.annotation;

import downstream.eval.data.annotation.UncheckedImage.UncheckedBox;
import downstream.eval.data.image.ImageSize;
import java.util.ArrayList;
import java.util.List;

/** Checks annotated boxes against the image they are in. */
public final class BoxChecker {
  /** Rounding, and counting from 0 or from 1, move an edge by up to this: clipped silently. */
  private static final double SLACK = 1;

  private final ImageSize imageSize;
  private final DataIssues issues;

  private BoxChecker(ImageSize image, DataIssues issues) {
    this.imageSize = image;
    this.issues = issues;
  }

  /**
   * The boxes that can be used, in order. A box without area is left out with a warning; one that
   * reaches over the border is clipped, with a warning if by more than a pixel; one that is not
   * finite, has a negative side or lies outside is a defect.
   */
  public static List<Box> check(List<UncheckedBox> unchecked, ImageSize image, DataIssues issues) {
    BoxChecker boxes = new BoxChecker(image, issues);
    List<Box> usable = new ArrayList<>();
    for (UncheckedBox mark : unchecked) {
      Box box = mark.box();
      if (boxes.isSound(mark.where(), box)) {
        usable.add(boxes.clip(mark.where(), box));
      }
    }
    return usable;
  }

  private boolean isSound(String where, Box box) {
    String sides = sides(box);
    if (!Double.isFinite(box.x() + box.y() + box.width() + box.height())) {
      issues.defect(
          where,
          "box " + sides + " has a side that is not a finite number",
          "Correct its coordinates");
    } else if (box.width() < 0 || box.height() < 0) {
      issues.defect(where, "box " + sides + " has a negative side", "Correct its coordinates");
    } else if (box.width() == 0 || box.height() == 0) {
      issues.warn(where, "box " + sides + " has no area; left out");
    } else if (isOutside(box)) {
      issues.defect(
          where,
          "box " + sides + " is outside the image of " + imageSize,
          "Correct its coordinates, or check that image and EXIF rotation are right");
    } else {
      return true;
    }
    return false;
  }

  private boolean isOutside(Box box) {
    return box.x() >= imageSize.width()
        || box.y() >= imageSize.height()
        || box.x() + box.width() <= 0
        || box.y() + box.height() <= 0;
  }

  private Box clip(String where, Box box) {
    double left = Math.max(0, box.x());
    double top = Math.max(0, box.y());
    double right = Math.min(imageSize.width(), box.x() + box.width());
    double bottom = Math.min(imageSize.height(), box.y() + box.height());
    double over =
        Math.max(
            Math.max(left - box.x(), top - box.y()),
            Math.max(box.x() + box.width() - right, box.y() + box.height() - bottom));
    if (over <= 0) {
      return box;
    }
    if (over > SLACK) {
      issues.warn(where, "box " + sides(box) + " reaches over the border; clipped");
    }
    double area = Math.min(box.area(), (right - left) * (bottom - top));
    return new Box(
        box.id(),
        box.category(),
        left,
        top,
        right - left,
        bottom - top,
        area,
        box.crowd(),
        box.difficult(),
        box.segmentation());
  }

  private static String sides(Box box) {
    return List.of(box.x(), box.y(), box.width(), box.height()).toString();
  }
}
