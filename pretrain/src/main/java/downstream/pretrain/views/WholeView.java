package downstream.pretrain.views;

import downstream.eval.data.image.Image;
import java.util.random.RandomGenerator;

/**
 * A random view of a whole image, for methods that need to find a region in it again: resized to a
 * square, flipped, colours jittered, grayscale.
 *
 * @param size side of the view, pixels
 */
public record WholeView(int size) {
  private static final PhotometricDistortion DISTORTION =
      new PhotometricDistortion(new TorchvisionJitter(.4, .4, .4, .1), 0, 0);
  private static final double FLIP = .5;

  /** Draws a view. */
  public CroppedView drawCropped(Image image, RandomGenerator random) {
    Region whole = Region.whole(image.width(), image.height());
    boolean flip = random.nextDouble() < FLIP;
    float[][] rgb = Resampler.BILINEAR.draw(image, whole, flip, size);
    DISTORTION.apply(rgb, size, random);
    return new CroppedView(ImageNetStatistics.normalised(rgb), size, whole, flip);
  }
}
