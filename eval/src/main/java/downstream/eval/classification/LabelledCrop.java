package downstream.eval.classification;

import downstream.eval.data.ImageRecord;
import downstream.eval.data.annotation.Box;
import downstream.eval.data.image.Image;

/**
 * One example: a square window around an object. It has the object's longer side and a margin, but
 * never more than the image's longer side, and is moved to lie within the image where it fits; so
 * pixels keep their shape, and an image that is one object is seen whole.
 *
 * @param image position of its image in the set
 * @param box the object's {@link Box#id}
 * @param label position of its category in the set
 * @param x left edge in pixels of the image; negative where the window is wider than the image
 * @param y upper edge
 * @param side of the window in pixels
 */
record LabelledCrop(int image, long box, int label, int x, int y, int side) {

  /**
   * The window around a box.
   *
   * @param margin added on every side, as a fraction of the box's longer side
   */
  static LabelledCrop around(Box box, ImageRecord record, double margin, int image, int label) {
    double wanted = Math.max(box.width(), box.height()) * (1 + 2 * margin);
    int largest = Math.max(record.width(), record.height());
    int side = (int) Math.max(1, Math.min(largest, Math.round(wanted)));
    int x = start(box.x() + box.width() / 2, side, record.width());
    int y = start(box.y() + box.height() / 2, side, record.height());
    return new LabelledCrop(image, box.id(), label, x, y, side);
  }

  private static int start(double centre, int side, int length) {
    return side > length
        ? (length - side) / 2
        : (int) Math.max(0, Math.min(length - side, Math.round(centre - side / 2.0)));
  }

  /**
   * The pixels of the window at another size.
   *
   * @param outside colour where the window reaches over the image, 0xRRGGBB
   */
  Image cut(Image whole, int size, int outside) {
    return whole.crop(x, y, side, side, outside).resize(size, size);
  }

  /**
   * Another window of the same example.
   *
   * @param scale how much larger the object appears: the window's side is divided by it
   * @param right position in [0, 1): from where the left edges meet to where the right ones do
   * @param down the same from above to below
   */
  LabelledCrop at(double scale, double right, double down) {
    int other = (int) Math.max(1, Math.round(side / scale));
    int dx = (int) Math.floor(Math.min(0, side - other) + right * (Math.abs(side - other) + 1));
    int dy = (int) Math.floor(Math.min(0, side - other) + down * (Math.abs(side - other) + 1));
    return new LabelledCrop(image, box, label, x + dx, y + dy, other);
  }
}
