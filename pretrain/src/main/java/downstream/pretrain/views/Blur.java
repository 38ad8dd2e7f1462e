package downstream.pretrain.views;

import java.util.Arrays;

/**
 * Gaussian blur of planes, in place; beyond the border the border's value continues.
 *
 * <p>Rows are laid out with their margins in one array, so that a tap is one long loop over a whole
 * plane; what it computes in the margins is never read.
 */
final class Blur {
  /** Where a Gaussian is cut off, standard deviations. */
  private static final int REACH = 3;

  private Blur() {}

  /** A kernel that reaches three standard deviations. */
  static void apply(float[] planes, int size, double sigma) {
    apply(planes, size, Math.max(1, (int) Math.ceil(REACH * sigma)), sigma);
  }

  /**
   * @param planes any number of planes [size, size]
   * @param size side, pixels
   * @param radius taps on either side of the centre
   * @param sigma standard deviation, pixels
   */
  static void apply(float[] planes, int size, int radius, double sigma) {
    float[] half = kernel(radius, sigma);
    int stride = size + 2 * radius;
    float[] wide = new float[size * stride];
    float[] high = new float[stride * stride];
    for (int plane = 0; plane < planes.length; plane += size * size) {
      widen(planes, plane, size, radius, wide);
      int last = (size - 1) * stride + size; // the margins of the last row would reach beyond
      filter(wide, 1, half, high, radius * stride, last);
      heighten(high, size, radius, stride);
      filter(high, stride, half, wide, 0, last);
      for (int y = 0; y < size; y++) {
        System.arraycopy(wide, y * stride, planes, plane + y * size, size);
      }
    }
  }

  /** Weights of the centre and of the taps on one side of it; both sides together sum to 1. */
  static float[] kernel(int radius, double sigma) {
    double[] weights = new double[radius + 1];
    double sum = 0;
    for (int i = 0; i <= radius; i++) {
      weights[i] = Math.exp(-.5 * i * i / (sigma * sigma));
      sum += i == 0 ? weights[i] : 2 * weights[i];
    }
    float[] kernel = new float[weights.length];
    for (int i = 0; i < weights.length; i++) {
      kernel[i] = (float) (weights[i] / sum);
    }
    return kernel;
  }

  /**
   * {@code to[offset + i]} = Σ over taps k from −radius to radius of from[i + (radius + k)·step].
   */
  private static void filter(
      float[] from, int step, float[] half, float[] to, int offset, int count) {
    int radius = half.length - 1;
    centre(from, radius * step, half[0], to, offset, count);
    for (int tap = 1; tap <= radius; tap++) {
      int before = (radius - tap) * step;
      int after = (radius + tap) * step;
      addPair(from, before, after, half[tap], to, offset, count);
    }
  }

  private static void centre(
      float[] from, int centre, float weight, float[] to, int offset, int count) {
    for (int i = 0; i < count; i++) {
      to[offset + i] = weight * from[centre + i];
    }
  }

  private static void addPair(
      float[] from, int before, int after, float weight, float[] to, int offset, int count) {
    for (int i = 0; i < count; i++) {
      to[offset + i] += weight * (from[before + i] + from[after + i]);
    }
  }

  /** Rows with margins that repeat their ends. */
  private static void widen(float[] planes, int plane, int size, int radius, float[] wide) {
    int stride = size + 2 * radius;
    for (int y = 0; y < size; y++) {
      int from = plane + y * size;
      int to = y * stride;
      Arrays.fill(wide, to, to + radius, planes[from]);
      System.arraycopy(planes, from, wide, to + radius, size);
      Arrays.fill(wide, to + radius + size, to + stride, planes[from + size - 1]);
    }
  }

  /** Margins above and below that repeat the first and last row. */
  private static void heighten(float[] high, int size, int radius, int stride) {
    for (int y = 0; y < radius; y++) {
      System.arraycopy(high, radius * stride, high, y * stride, size);
      System.arraycopy(
          high, (radius + size - 1) * stride, high, (radius + size + y) * stride, size);
    }
  }
}
