package downstream.pretrain.views;

import downstream.eval.data.image.Image;
import java.util.random.RandomGenerator;

/**
 * SimCLR's random view (Chen et al. 2020, appendix A; {@code data_util.py}): crop, flip, colour
 * jitter, grayscale, blur, in this order; both views of an image are drawn from it. TensorFlow's
 * operations, as BYOL's.
 *
 * @param size side of the view, pixels
 * @param minArea smallest crop as a share of the image; the paper's is 0.08
 * @param strength of the colour jitter; the paper's is 1 for ImageNet
 * @param multiplies whether brightness multiplies (version 2) instead of adding (version 1)
 */
public record SimClrView(int size, double minArea, double strength, boolean multiplies)
    implements View {
  private static final double FLIP = .5;
  private static final double BLUR = .5;

  @Override
  public float[] draw(Image image, RandomGenerator random) {
    Region part = new RandomResizedCrop(minArea, 1).region(image, random);
    boolean flip = random.nextDouble() < FLIP;
    float[][] rgb = Resampler.SAMPLED_BICUBIC.draw(image, part, flip, size);
    new TensorFlowDistortion(ByolJitter.simClr(strength, multiplies), BLUR)
        .apply(rgb, size, random);
    return ImageNetStatistics.normalised(rgb);
  }
}
