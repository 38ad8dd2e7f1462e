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
    Region part = new RandomResizedCrop(minArea, 1).cutRegion(image, random);
    boolean flip = random.nextDouble() < FLIP;
    float[][] rgb = Resampler.SAMPLED_BICUBIC.draw(image, part, flip, size);
    new TensorFlowDistortion(ByolJitter.BYOL, blur).apply(rgb, size, random);
    if (random.nextDouble() < solarise) {
      ColourTransforms.solarise(rgb);
    }
    return ImageNetStatistics.normalised(rgb);
  }
}
