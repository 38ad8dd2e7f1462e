package downstream.pretrain.mining.report;

import downstream.eval.data.ImageSet;
import downstream.eval.data.annotation.Box;
import downstream.pretrain.views.Region;
import java.util.List;

/** Ground-truth classes of images and regions. Crowd boxes are left out. */
final class ObjectLabels {
  /** Least IoU with a box at which a region shows its object. */
  static final double SAME = .5;

  /** The class of what shows no annotated object. */
  static final long NONE = Long.MIN_VALUE;

  private final List<List<Box>> boxes;

  ObjectLabels(ImageSet images) {
    boxes =
        images.images().stream()
            .map(image -> image.boxes().stream().filter(box -> !box.crowd()).toList())
            .toList();
  }

  /** Tells whether any image has a box. */
  boolean isKnown() {
    return boxes.stream().anyMatch(list -> !list.isEmpty());
  }

  /** The objects of an image. */
  List<Box> boxes(int image) {
    return boxes.get(image);
  }

  /** The class of the box that overlaps most, by at least one half; {@link #NONE} if none does. */
  long category(int image, Region region) {
    double most = 0;
    long category = NONE;
    for (Box box : boxes.get(image)) {
      double iou = iou(region, box);
      if (iou >= SAME && iou > most) {
        most = iou;
        category = box.category();
      }
    }
    return category;
  }

  static double iou(Region region, Box box) {
    double across =
        Math.min(region.x() + region.width(), box.x() + box.width())
            - Math.max(region.x(), box.x());
    double down =
        Math.min(region.y() + region.height(), box.y() + box.height())
            - Math.max(region.y(), box.y());
    double shared = Math.max(0, across) * Math.max(0, down);
    return shared / (region.area() + box.width() * box.height() - shared);
  }
}
