package downstream.pretrain.views;

import downstream.eval.data.image.Image;
import java.util.random.RandomGenerator;

/**
 * The random view of MoCo's first version (He et al. 2020, {@code main_moco.py}): crop, grayscale,
 * then always a colour jitter with a wide range of hues, flip. Version 2 has {@link SimSiamView}.
 *
 * @param size side of the view, pixels
 * @param minArea smallest crop as a share of the image; the paper's is 0.2
 */
public record MocoView(int size, double minArea) implements View {
  private static final TorchvisionJitter JITTER = new TorchvisionJitter(.4, .4, .4, .4);
  private static final double GREY = .2;
  private static final double FLIP = .5;

  @Override
  public float[] draw(Image image, RandomGenerator random) {
    Region part = new RandomResizedCrop(minArea, 1).region(image, random);
    boolean flip = random.nextDouble() < FLIP; // the authors flip last, which is the same
    float[][] rgb = Resampler.BILINEAR.draw(image, part, flip, size);
    if (random.nextDouble() < GREY) {
      ColourTransforms.grey(rgb);
    }
    JITTER.apply(rgb, random);
    return ImageNetStatistics.normalised(rgb);
  }
}
