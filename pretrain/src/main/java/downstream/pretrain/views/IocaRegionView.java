package downstream.pretrain.views;

import downstream.eval.data.image.Image;
import java.util.random.RandomGenerator;

/**
 * IOCA's random view of a region: its box jittered so that it still shows the object, flip, colour
 * jitter, grayscale, and no random resized crop, because a random part of a region may show another
 * object. Strengths and probabilities are SimSiam's.
 *
 * @param size side of the view, pixels
 */
public record IocaRegionView(int size) implements RegionView {
  private static final PhotometricDistortion DISTORTION =
      new PhotometricDistortion(new TorchvisionJitter(.4, .4, .4, .1), 0, 0);
  private static final double FLIP = .5;
  private static final double EDGE_SHIFT = .25;
  private static final double MIN_IOU = .5;
  private static final int TRIALS = 50;

  @Override
  public float[] draw(Image image, Region region, RandomGenerator random) {
    Region part = jittered(region, image.width(), image.height(), random);
    boolean flip = random.nextDouble() < FLIP;
    float[][] rgb = Resampler.BILINEAR.draw(image, part, flip, size);
    DISTORTION.apply(rgb, size, random);
    return ImageNetStatistics.normalised(rgb);
  }

  /**
   * Moves each edge by up to a quarter of the side, uniformly, until the box is within the image
   * and its IoU with the region is at least one half; the region itself after 50 misses.
   */
  static Region jittered(Region region, int width, int height, RandomGenerator random) {
    for (int trial = 0; trial < TRIALS; trial++) {
      int left = region.x() + shift(region.width(), random);
      int top = region.y() + shift(region.height(), random);
      int right = region.x() + region.width() + shift(region.width(), random);
      int bottom = region.y() + region.height() + shift(region.height(), random);
      if (left >= 0 && top >= 0 && right > left && bottom > top) {
        Region jittered = new Region(left, top, right - left, bottom - top);
        if (jittered.inside(width, height) && jittered.iou(region) >= MIN_IOU) {
          return jittered;
        }
      }
    }
    return region;
  }

  private static int shift(int side, RandomGenerator random) {
    return (int) Math.round(side * EDGE_SHIFT * (2 * random.nextDouble() - 1));
  }
}
