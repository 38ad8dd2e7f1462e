package downstream.pretrain.views;

import downstream.eval.data.image.Image;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * SlotCon's two random views of an image, which overlap (Wen et al. 2022, {@code transforms.py}):
 * crop, flip, then ORL's colours, the first always blurred, the second sometimes and solarised.
 *
 * @param size side of a view, pixels
 * @param minArea smallest crop as a share of the image; the paper's is 0.08
 */
public record SlotConView(int size, double minArea) {
  private static final TorchvisionJitter JITTER = new TorchvisionJitter(.4, .4, .2, .1);
  private static final PhotometricDistortion FIRST = new PhotometricDistortion(JITTER, 1, 0);
  private static final PhotometricDistortion SECOND = new PhotometricDistortion(JITTER, .1, .2);
  private static final double FLIP = .5;
  private static final double LEAST_SHARED = .01;
  private static final int TRIALS = 10;

  /** Draws both views; the same state of the generator draws the same ones. */
  public List<CroppedView> draw(Image image, RandomGenerator random) {
    Region first = crop(image, random);
    Region second = beside(first, image, random);
    return List.of(view(image, first, FIRST, random), view(image, second, SECOND, random));
  }

  private Region crop(Image image, RandomGenerator random) {
    return new RandomResizedCrop(minArea, 1).region(image, random);
  }

  /**
   * A crop of which at least a hundredth is in the first one; after ten misses any, or the first
   * one again if that has nothing in common with it.
   */
  private Region beside(Region first, Image image, RandomGenerator random) {
    for (int trial = 0; trial < TRIALS; trial++) {
      Region second = crop(image, random);
      if (shared(first, second) >= LEAST_SHARED * second.area()) {
        return second;
      }
    }
    Region any = crop(image, random);
    return shared(first, any) > 0 ? any : first;
  }

  private static long shared(Region one, Region other) {
    return one.intersection(other).map(Region::area).orElse(0L);
  }

  private CroppedView view(
      Image image, Region part, PhotometricDistortion distortion, RandomGenerator random) {
    boolean flip = random.nextDouble() < FLIP;
    float[][] rgb = Resampler.BICUBIC.draw(image, part, flip, size);
    distortion.apply(rgb, size, random);
    return new CroppedView(ImageNetStatistics.normalised(rgb), size, part, flip);
  }
}
