package downstream.pretrain.views;

import downstream.eval.data.Image;
import java.util.SplittableRandom;

/** Values to try views and colours on. */
final class Drawn {
  private Drawn() {}

  /** RGB planes [3, size, size], uniform in [0, 1]. */
  static float[] planes(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] planes = new float[3 * size * size];
    for (int i = 0; i < planes.length; i++) {
      planes[i] = (float) random.nextDouble();
    }
    return planes;
  }

  /** A picture of noise. */
  static Image photo(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    new SplittableRandom(3).nextBytes(rgb);
    return Image.of(width, height, rgb);
  }

  /** RGB of one pixel of planes. */
  static double[] pixel(float[] planes, int index) {
    int area = planes.length / 3;
    return new double[] {planes[index], planes[index + area], planes[index + 2 * area]};
  }
}
