package downstream.pretrain.views;

import downstream.eval.data.image.Image;
import java.util.random.RandomGenerator;

/**
 * ORL's random views (Xie et al. 2021, {@code stage1/r50_bs512_ep800.py} and {@code stage3/}): of
 * an image with a random resized crop first, of a region without one. Bilinear, as torchvision.
 *
 * @param size side of the view, pixels
 * @param minArea smallest crop of an image as a share of it; the paper's is 0.08
 * @param blur probability of a blur: 1 for the first view, 0.1 for the second
 * @param solarise probability of solarising: 0 for the first view, 0.2 for the second
 */
public record OrlView(int size, double minArea, double blur, double solarise)
    implements View, RegionView {
  private static final TorchvisionJitter JITTER = new TorchvisionJitter(.4, .4, .2, .1);
  private static final double FLIP = .5;
  private static final double MIN_AREA = .08;

  /** The paper's view 1 of an image. */
  public static OrlView first(int size, double minArea) {
    return new OrlView(size, minArea, 1, 0);
  }

  /** The paper's view 2 of an image. */
  public static OrlView second(int size, double minArea) {
    return new OrlView(size, minArea, .1, .2);
  }

  /** The paper's view 1 of a region. */
  public static RegionView firstPatch(int size) {
    return first(size, MIN_AREA);
  }

  /** The paper's view 2 of a region. */
  public static RegionView secondPatch(int size) {
    return second(size, MIN_AREA);
  }

  @Override
  public float[] draw(Image image, RandomGenerator random) {
    return draw(image, new RandomResizedCrop(minArea, 1).region(image, random), random);
  }

  /** The whole region, resized, flipped and distorted. */
  @Override
  public float[] draw(Image image, Region region, RandomGenerator random) {
    boolean flip = random.nextDouble() < FLIP;
    float[][] rgb = Resampler.BILINEAR.draw(image, region, flip, size);
    new PhotometricDistortion(JITTER, blur, solarise).apply(rgb, size, random);
    return ImageNetStatistics.normalised(rgb);
  }
}
