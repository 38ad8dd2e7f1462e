package downstream.detection;

import downstream.eval.data.ImageRecord;
import downstream.eval.data.image.Image;
import downstream.eval.finetune.AugmentationSettings;
import java.util.random.RandomGenerator;

/**
 * A square of an image that is resized to the network's input: Detectron2's large-scale jitter. It
 * exceeds the image where the image is drawn smaller than the input.
 *
 * @param x left edge of the square in the image, pixels
 * @param y upper edge
 * @param side of the square in the image, pixels
 * @param mirrored whether left and right are exchanged after resizing
 * @param imageSize side of the network's input, pixels
 */
record ScaledCrop(int x, int y, int side, boolean mirrored, int imageSize) {
  /** Draws a scale within the settings' bounds, a uniform position, and whether it is mirrored. */
  static ScaledCrop draw(
      ImageRecord image, AugmentationSettings settings, int imageSize, RandomGenerator random) {
    int longest = Math.max(image.width(), image.height());
    int side = Math.max(1, (int) Math.round(longest / settings.scale(random)));
    int x = position(image.width() - side, random);
    int y = position(image.height() - side, random);
    boolean mirrored = random.nextBoolean() && settings.randomHorizontalFlip();
    return new ScaledCrop(x, y, side, mirrored, imageSize);
  }

  /** Uniform between 0 and the slack, which is negative where the square is larger. */
  private static int position(int slack, RandomGenerator random) {
    return (int) Math.round(slack * random.nextDouble());
  }

  /**
   * Cuts the square out, imageSize × imageSize.
   *
   * @param fill colour where it exceeds the image, 0xRRGGBB
   */
  Image cut(Image image, int fill) {
    Image square = image.crop(x, y, side, side, fill).resize(imageSize, imageSize);
    return mirrored ? square.flip() : square;
  }

  /** The map between image and input. */
  ImageTransform transform() {
    double scale = (double) imageSize / side;
    return new ImageTransform(x, y, scale, scale, mirrored, imageSize);
  }
}
