package downstream.pretrain.views;

/**
 * Which pixels of one side of a picture make each pixel of the resized side, and how much of each.
 * Pixels beyond the border are left out and the remaining weights sum to 1, as in PIL.
 *
 * @see Resampler
 */
final class Taps {
  private final int[] start;
  private final float[][] weights;

  private Taps(int[] start, float[][] weights) {
    this.start = start;
    this.weights = weights;
  }

  /**
   * @param from pixels of the side
   * @param to pixels it gets
   * @param antialias whether a side that shrinks is sampled with a kernel as wide as the new pixels
   */
  static Taps of(int from, int to, Kernel kernel, boolean antialias) {
    double scale = (double) from / to;
    double widening = antialias ? Math.max(1, scale) : 1;
    double reach = kernel.reach() * widening;
    int[] start = new int[to];
    float[][] weights = new float[to][];
    for (int i = 0; i < to; i++) {
      double centre = (i + .5) * scale;
      start[i] = Math.max(0, (int) (centre - reach + .5));
      int end = Math.min(from, (int) (centre + reach + .5));
      weights[i] = weights(kernel, start[i], end, centre, widening);
    }
    return new Taps(start, weights);
  }

  private static float[] weights(
      Kernel kernel, int start, int end, double centre, double widening) {
    double[] raw = new double[end - start];
    double sum = 0;
    for (int i = 0; i < raw.length; i++) {
      raw[i] = kernel.weight((start + i + .5 - centre) / widening);
      sum += raw[i];
    }
    float[] weights = new float[raw.length];
    for (int i = 0; i < raw.length; i++) {
      weights[i] = (float) (raw[i] / sum);
    }
    return weights;
  }

  /** First pixel that counts for pixel {@code i} of the resized side. */
  int start(int i) {
    return start[i];
  }

  /** Weights of that pixel and the following ones; not a copy. */
  float[] weights(int i) {
    return weights[i];
  }
}
