package downstream.pretrain.views;

import downstream.eval.data.image.Image;
import java.util.random.RandomGenerator;

/**
 * The random part of an image that a view shows (Szegedy et al. 2015, with torchvision's limits):
 * its share of the area uniform, its aspect ratio log-uniform in 3/4 to 4/3.
 *
 * @param minArea smallest share of the image's area, in (0, maxArea]
 * @param maxArea largest share, at most 1
 */
record RandomResizedCrop(double minArea, double maxArea) {
  private static final double NARROWEST = 3.0 / 4;
  private static final int TRIALS = 10;

  RandomResizedCrop {
    if (!(minArea > 0 && minArea <= maxArea && maxArea <= 1)) {
      throw new IllegalArgumentException(
          "crop area must be 0 < min <= max <= 1, not " + minArea + " to " + maxArea);
    }
  }

  /** Draws a part of an image. */
  Region region(Image image, RandomGenerator random) {
    return region(image.width(), image.height(), random);
  }

  /**
   * Draws the region of the crop; after ten misses, takes the largest central part whose aspect
   * ratio is allowed.
   */
  Region region(int width, int height, RandomGenerator random) {
    for (int trial = 0; trial < TRIALS; trial++) {
      Size size = size(width, height, random);
      Size cut = size.cut(width, height);
      if (cut.equals(size)) {
        return cut.anywhere(width, height, random);
      }
    }
    int w = Math.max(1, Math.min(width, (int) Math.round(height / NARROWEST)));
    int h = Math.max(1, Math.min(height, (int) Math.round(width / NARROWEST)));
    return new Region((width - w) / 2, (height - h) / 2, w, h);
  }

  /** Draws a part of an image once, and cuts its sides to those of the image (BYOL). */
  Region cutRegion(Image image, RandomGenerator random) {
    return size(image.width(), image.height(), random)
        .cut(image.width(), image.height())
        .anywhere(image.width(), image.height(), random);
  }

  private Size size(int width, int height, RandomGenerator random) {
    double area = (double) width * height * uniform(random, minArea, maxArea);
    double ratio = Math.exp(uniform(random, Math.log(NARROWEST), -Math.log(NARROWEST)));
    return new Size(
        (int) Math.round(Math.sqrt(area * ratio)), (int) Math.round(Math.sqrt(area / ratio)));
  }

  /** Sides of a crop, perhaps 0 or longer than the image's. */
  private record Size(int width, int height) {
    Size cut(int imageWidth, int imageHeight) {
      return new Size(
          Math.max(1, Math.min(imageWidth, width)), Math.max(1, Math.min(imageHeight, height)));
    }

    Region anywhere(int imageWidth, int imageHeight, RandomGenerator random) {
      int x = random.nextInt(imageWidth - width + 1);
      return new Region(x, random.nextInt(imageHeight - height + 1), width, height);
    }
  }

  private static double uniform(RandomGenerator random, double low, double high) {
    return low + random.nextDouble() * (high - low);
  }
}
