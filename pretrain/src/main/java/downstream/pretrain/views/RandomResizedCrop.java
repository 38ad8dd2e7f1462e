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
      double area = (double) width * height * uniform(random, minArea, maxArea);
      double ratio = Math.exp(uniform(random, Math.log(NARROWEST), -Math.log(NARROWEST)));
      int w = (int) Math.round(Math.sqrt(area * ratio));
      int h = (int) Math.round(Math.sqrt(area / ratio));
      if (w > 0 && w <= width && h > 0 && h <= height) {
        return new Region(random.nextInt(width - w + 1), random.nextInt(height - h + 1), w, h);
      }
    }
    int w = Math.max(1, Math.min(width, (int) Math.round(height / NARROWEST)));
    int h = Math.max(1, Math.min(height, (int) Math.round(width / NARROWEST)));
    return new Region((width - w) / 2, (height - h) / 2, w, h);
  }

  private static double uniform(RandomGenerator random, double low, double high) {
    return low + random.nextDouble() * (high - low);
  }
}
