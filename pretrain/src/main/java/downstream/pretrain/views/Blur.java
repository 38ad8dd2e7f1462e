package downstream.pretrain.views;

/** Gaussian blur of interleaved RGB values; beyond the border the border's value continues. */
final class Blur {
  private Blur() {}

  /**
   * @param size side of the square image, pixels
   * @param radius taps on either side of the centre
   * @param sigma standard deviation, pixels
   */
  static float[] apply(float[] rgb, int size, int radius, double sigma) {
    float[] kernel = kernel(radius, sigma);
    return pass(pass(rgb, size, kernel, true), size, kernel, false);
  }

  /** 2·radius + 1 weights that sum to 1. */
  static float[] kernel(int radius, double sigma) {
    double[] weights = new double[2 * radius + 1];
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Math.exp(-.5 * (i - radius) * (i - radius) / (sigma * sigma));
      sum += weights[i];
    }
    float[] kernel = new float[weights.length];
    for (int i = 0; i < weights.length; i++) {
      kernel[i] = (float) (weights[i] / sum);
    }
    return kernel;
  }

  private static float[] pass(float[] rgb, int size, float[] kernel, boolean alongRows) {
    int radius = kernel.length / 2;
    float[] blurred = new float[rgb.length];
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        int to = (y * size + x) * 3;
        for (int tap = -radius; tap <= radius; tap++) {
          int fromX = alongRows ? clamp(x + tap, size) : x;
          int fromY = alongRows ? y : clamp(y + tap, size);
          int from = (fromY * size + fromX) * 3;
          float weight = kernel[tap + radius];
          blurred[to] += weight * rgb[from];
          blurred[to + 1] += weight * rgb[from + 1];
          blurred[to + 2] += weight * rgb[from + 2];
        }
      }
    }
    return blurred;
  }

  private static int clamp(int position, int size) {
    return Math.max(0, Math.min(size - 1, position));
  }
}
