package downstream.detection;

import downstream.eval.data.ImageRecord;
import downstream.eval.finetune.Letterbox;

/**
 * The map between the coordinates of an image and of the network's input that shows it, or a crop
 * of it.
 *
 * @param x left edge of the crop in the image, pixels; negative where it exceeds the image
 * @param y upper edge
 * @param scaleX input pixels per image pixel along a row
 * @param scaleY the same along a column
 * @param mirrored whether left and right are exchanged in the input
 * @param width of the crop in the input, pixels; mirroring exchanges 0 and this
 */
record ImageTransform(
    double x, double y, double scaleX, double scaleY, boolean mirrored, int width) {
  /** The map of a whole image in its letterbox. */
  static ImageTransform of(Letterbox box, ImageRecord image, boolean mirrored) {
    return new ImageTransform(
        0,
        0,
        (double) box.width() / image.width(),
        (double) box.height() / image.height(),
        mirrored,
        box.width());
  }

  /** The left edge in the network's input of a box of the image. */
  double toInputX(double boxX, double boxWidth) {
    double left = (boxX - x) * scaleX;
    return mirrored ? width - left - boxWidth * scaleX : left;
  }

  /** The upper edge in the network's input of a box of the image. */
  double toInputY(double boxY) {
    return (boxY - y) * scaleY;
  }

  /** The left edge in the image of a box of the network's input. */
  double toImageX(double inputX, double inputWidth) {
    double left = mirrored ? width - inputX - inputWidth : inputX;
    return left / scaleX + x;
  }

  /** The upper edge in the image of a box of the network's input. */
  double toImageY(double inputY) {
    return inputY / scaleY + y;
  }
}
