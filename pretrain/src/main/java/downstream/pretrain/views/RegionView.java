package downstream.pretrain.views;

import downstream.eval.data.image.Image;
import java.util.random.RandomGenerator;

/** A random view of one region of an image. Thread-safe. */
public interface RegionView {
  /** Side of the view, pixels. */
  int size();

  /**
   * Draws a view; the same state of the generator draws the same one.
   *
   * @param region the region, inside the image
   * @return [3, size, size], RGB planes normalised by {@link ImageNetStatistics}
   */
  float[] draw(Image image, Region region, RandomGenerator random);
}
