package downstream.pretrain.views;

import downstream.eval.data.image.Image;
import java.util.random.RandomGenerator;

/** A random view of an image: what an encoder is shown of it. Thread-safe. */
public interface View {
  /** Side of the view, pixels. */
  int size();

  /**
   * Draws a view; the same state of the generator draws the same one.
   *
   * @return [3, size, size], RGB planes normalised by {@link ImageNetStatistics}
   */
  float[] draw(Image image, RandomGenerator random);
}
