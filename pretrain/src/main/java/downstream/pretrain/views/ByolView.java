package downstream.pretrain.views;

import downstream.eval.data.image.Image;
import java.util.random.RandomGenerator;

/**
 * One of BYOL's two random views (Grill et al. 2020, appendix B): crop, flip, colour jitter,
 * grayscale, blur, solarise, in this order.
 *
 * @param size side of the view, pixels
 * @param minArea smallest crop as a share of the image; the paper's is 0.08
 * @param blur probability of a blur: 1 for the first view, 0.1 for the second
 * @param solarise probability of solarising: 0 for the first view, 0.2 for the second
 */
public record ByolView(int size, double minArea, double blur, double solarise) implements View {
  private static final double FLIP = .5;
  private static final double JITTER = .8;
  private static final double GREY = .2;
  private static final double MIN_SIGMA = .1;
  private static final double MAX_SIGMA = 2;

  /** View 1 of the paper. */
  public static ByolView first(int size, double minArea) {
    return new ByolView(size, minArea, 1, 0);
  }

  /** View 2 of the paper. */
  public static ByolView second(int size, double minArea) {
    return new ByolView(size, minArea, .1, .2);
  }

  @Override
  public float[] draw(Image image, RandomGenerator random) {
    Region part = new RandomResizedCrop(minArea, 1).region(image, random);
    boolean flip = random.nextDouble() < FLIP;
    float[][] rgb = Resampler.SAMPLED_BICUBIC.draw(image, part, flip, size);
    if (random.nextDouble() < JITTER) {
      ByolJitter.BYOL.apply(rgb, random);
    }
    if (random.nextDouble() < GREY) {
      ColourTransforms.grey(rgb);
    }
    if (random.nextDouble() < blur) {
      double sigma = MIN_SIGMA + random.nextDouble() * (MAX_SIGMA - MIN_SIGMA);
      Blur.gaussian(rgb, size, size / 10 / 2, sigma); // a kernel of a tenth of the side
    }
    if (random.nextDouble() < solarise) {
      ColourTransforms.solarise(rgb);
    }
    return ImageNetStatistics.normalised(rgb);
  }
}
