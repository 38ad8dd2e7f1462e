package downstream.pretrain.views;

import downstream.eval.data.image.Image;
import java.util.SplittableRandom;

/** Values to try views and colours on. */
final class Drawn {
  private Drawn() {}

  /** RGB planes {red, green, blue} of size · size values, uniform in [0, 1]. */
  static float[][] planes(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] planes = new float[3][size * size];
    for (float[] plane : planes) {
      for (int i = 0; i < plane.length; i++) {
        plane[i] = (float) random.nextDouble();
      }
    }
    return planes;
  }

  static float[][] copy(float[][] planes) {
    return new float[][] {planes[0].clone(), planes[1].clone(), planes[2].clone()};
  }

  /** Three planes one after the other. */
  static float[] joined(float[][] planes) {
    int area = planes[0].length;
    float[] joined = new float[3 * area];
    for (int channel = 0; channel < 3; channel++) {
      System.arraycopy(planes[channel], 0, joined, channel * area, area);
    }
    return joined;
  }

  /** An image of noise. */
  static Image photo(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    new SplittableRandom(3).nextBytes(rgb);
    return Image.of(width, height, rgb);
  }

  /** RGB of one pixel of planes. */
  static double[] pixel(float[][] planes, int index) {
    return new double[] {planes[0][index], planes[1][index], planes[2][index]};
  }
}
