package downstream.detection;

import downstream.detection.heads.DetectionProtocol;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.image.Image;
import java.util.Collections;
import java.util.random.RandomGenerator;

/**
 * The square of a picture that the network sees, and the map between the two: the square may reach
 * over the picture's edges, is scaled to the network's input and perhaps mirrored.
 *
 * @param x left edge of the square in the picture, pixels
 * @param y upper edge
 * @param side of the square in the picture, pixels
 * @param mirrored left and right changed after scaling
 * @param imageSize side of the network's input
 */
record ImageTransform(int x, int y, int side, boolean mirrored, int imageSize) {
  /** The whole picture as it is predicted, in the upper left corner of the square. */
  static ImageTransform whole(ImageRecord image, DetectionProtocol protocol) {
    return whole(image, protocol, false);
  }

  /** The whole picture, in the upper left corner or, mirrored, in the upper right one. */
  static ImageTransform whole(ImageRecord image, DetectionProtocol protocol, boolean mirrored) {
    int side =
        protocol.multiScale().shortSides().isEmpty()
            ? Math.max(image.width(), image.height())
            : side(image, Collections.max(protocol.multiScale().shortSides()), protocol);
    return new ImageTransform(0, 0, side, mirrored, protocol.imageSize());
  }

  /**
   * The square in which the picture's shorter side has this length, or its longer one the limit.
   */
  private static int side(ImageRecord image, int shortSide, DetectionProtocol protocol) {
    double scale =
        Math.min(
            (double) shortSide / Math.min(image.width(), image.height()),
            (double) protocol.multiScale().limit() / Math.max(image.width(), image.height()));
    return Math.max(1, (int) Math.round(protocol.imageSize() / scale));
  }

  /**
   * A random square, mirrored half the time: the picture's shorter side of one of the protocol's
   * lengths, in the upper left corner; or a scale within its bounds, the place uniform.
   */
  static ImageTransform random(
      ImageRecord image, DetectionProtocol protocol, RandomGenerator random) {
    if (!protocol.multiScale().shortSides().isEmpty()) {
      int drawn =
          protocol
              .multiScale()
              .shortSides()
              .get(random.nextInt(protocol.multiScale().shortSides().size()));
      boolean mirrored = random.nextBoolean() && protocol.augmentation().flip();
      return new ImageTransform(0, 0, side(image, drawn, protocol), mirrored, protocol.imageSize());
    }
    return jittered(image, protocol, random);
  }

  private static ImageTransform jittered(
      ImageRecord image, DetectionProtocol protocol, RandomGenerator random) {
    return at(protocol.augmentation().scale(random), image, protocol, random);
  }

  private static ImageTransform at(
      double scale, ImageRecord image, DetectionProtocol protocol, RandomGenerator random) {
    int longest = Math.max(image.width(), image.height());
    int side = Math.max(1, (int) Math.round(longest / scale));
    int x = place(image.width() - side, random);
    int y = place(image.height() - side, random);
    boolean mirrored = random.nextBoolean() && protocol.augmentation().flip();
    return new ImageTransform(x, y, side, mirrored, protocol.imageSize());
  }

  /** Uniform between 0 and the slack, which is negative where the square is the larger. */
  private static int place(int slack, RandomGenerator random) {
    return (int) Math.round(slack * random.nextDouble());
  }

  /** The pixels of the square, imageSize × imageSize. */
  Image cut(Image image) {
    Image square = image.crop(x, y, side, side).resize(imageSize, imageSize);
    return mirrored ? square.flip() : square;
  }

  /** Network pixels per picture pixel. */
  double scale() {
    return (double) imageSize / side;
  }

  /** The left edge in the network's input of a box of the picture. */
  double toInputX(double boxX, double boxWidth) {
    double left = (boxX - x) * scale();
    return mirrored ? imageSize - left - boxWidth * scale() : left;
  }

  /** The upper edge in the network's input of a box of the picture. */
  double toInputY(double boxY) {
    return (boxY - y) * scale();
  }

  /** The left edge in the picture of a box of the network's input. */
  double toPictureX(double inputX, double inputWidth) {
    double left = mirrored ? imageSize - inputX - inputWidth : inputX;
    return left / scale() + x;
  }

  /** The upper edge in the picture of a box of the network's input. */
  double toPictureY(double inputY) {
    return inputY / scale() + y;
  }
}
