package downstream.pretrain.views;

import downstream.eval.data.image.Image;
import java.util.random.RandomGenerator;

/**
 * SimSiam's random view (Chen and He 2021, {@code main_simsiam.py}, MoCo v2's recipe): both views
 * of an image are drawn from it.
 *
 * @param size side of the view, pixels
 * @param minArea smallest crop as a share of the image; the paper's is 0.2
 */
public record SimSiamView(int size, double minArea) implements View {
  private static final PhotometricDistortion DISTORTION =
      new PhotometricDistortion(new TorchvisionJitter(.4, .4, .4, .1), .5, 0);
  private static final double FLIP = .5;

  @Override
  public float[] draw(Image image, RandomGenerator random) {
    Region part = new RandomResizedCrop(minArea, 1).region(image, random);
    boolean flip = random.nextDouble() < FLIP; // the authors flip last, which is the same
    float[][] rgb = Resampler.BILINEAR.draw(image, part, flip, size);
    DISTORTION.apply(rgb, size, random);
    return ImageNetStatistics.normalised(rgb);
  }
}
