package downstream.pretrain.views;

import downstream.eval.data.image.Image;
import java.util.random.RandomGenerator;

/**
 * A view of the recipes with several sizes of crops: random resized crop, flip and torchvision's
 * distortion.
 */
public final class DistortedCrop implements View {
  private static final TorchvisionJitter SWAV = new TorchvisionJitter(.8, .8, .8, .2);
  private static final TorchvisionJitter DINO = new TorchvisionJitter(.4, .4, .2, .1);
  private static final double FLIP = .5;

  private final int size;
  private final RandomResizedCrop crop;
  private final Resampler resampler;
  private final PhotometricDistortion distortion;

  private DistortedCrop(
      int size, RandomResizedCrop crop, Resampler resampler, PhotometricDistortion distortion) {
    this.size = size;
    this.crop = crop;
    this.resampler = resampler;
    this.distortion = distortion;
  }

  /**
   * SwAV's crops of either size (Caron et al. 2020, {@code multicropdataset.py}): bilinear, strong
   * colours, a blur with probability 0.5.
   *
   * @param minArea smallest share of the image; the paper's are 0.14 and, for small crops, 0.05
   * @param maxArea largest share: 1 and 0.14
   */
  public static DistortedCrop swav(int size, double minArea, double maxArea) {
    return new DistortedCrop(
        size,
        new RandomResizedCrop(minArea, maxArea),
        Resampler.BILINEAR,
        new PhotometricDistortion(SWAV, .5, 0));
  }

  /**
   * DINO's and iBOT's crops (Caron et al. 2021, {@code main_dino.py}): bicubic.
   *
   * @param minArea smallest share of the image; DINO's are 0.4 and, for small crops, 0.05
   * @param maxArea largest share: 1 and 0.4
   * @param blur probability of a blur: 1 and 0.1 for the large crops, 0.5 for small ones
   * @param solarise probability of solarising: 0.2 for the second large crop, else 0
   */
  public static DistortedCrop dino(
      int size, double minArea, double maxArea, double blur, double solarise) {
    return new DistortedCrop(
        size,
        new RandomResizedCrop(minArea, maxArea),
        Resampler.BICUBIC,
        new PhotometricDistortion(DINO, blur, solarise));
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public float[] draw(Image image, RandomGenerator random) {
    Region part = crop.region(image, random);
    boolean flip = random.nextDouble() < FLIP;
    float[][] rgb = resampler.draw(image, part, flip, size);
    distortion.apply(rgb, size, random);
    return ImageNetStatistics.normalised(rgb);
  }
}
