package downstream.pretrain.views;

/**
 * The weights by which pixels of an image side are summed to each pixel of the resized side. Pixels
 * beyond the border are left out and the remaining weights sum to 1, as in PIL.
 *
 * @see Resampler
 */
final class ResampleWeights {
  private final int count;
  private final int[] start;
  private final float[] weights;

  private ResampleWeights(int count, int[] start, float[] weights) {
    this.count = count;
    this.start = start;
    this.weights = weights;
  }

  /**
   * @param from pixels of the side
   * @param to pixels it gets
   * @param antialias whether a side that shrinks is sampled with a kernel as wide as the new pixels
   */
  static ResampleWeights of(int from, int to, Kernel kernel, boolean antialias) {
    double scale = (double) from / to;
    double widening = antialias ? Math.max(1, scale) : 1;
    double reach = kernel.reach() * widening;
    int count = Math.min(from, 1 + (int) Math.ceil(2 * reach));
    int[] start = new int[to];
    float[] weights = new float[to * count];
    double[] raw = new double[count];
    for (int i = 0; i < to; i++) {
      double centre = (i + .5) * scale;
      int first = Math.max(0, (int) (centre - reach + .5));
      int end = Math.min(from, (int) (centre + reach + .5));
      start[i] = Math.min(first, from - count); // so that all have the same number of taps
      double sum = 0;
      for (int tap = 0; tap < count; tap++) {
        int pixel = start[i] + tap;
        boolean counts = pixel >= first && pixel < end;
        raw[tap] = counts ? kernel.weight((pixel + .5 - centre) / widening) : 0;
        sum += raw[tap];
      }
      for (int tap = 0; tap < count; tap++) {
        weights[i * count + tap] = (float) (raw[tap] / sum);
      }
    }
    return new ResampleWeights(count, start, weights);
  }

  /** Number of pixels that are summed for each. */
  int count() {
    return count;
  }

  /** First pixel that counts for each. */
  int[] start() {
    return start;
  }

  /** [size, count]: weights of that pixel and the following ones. */
  float[] weights() {
    return weights;
  }
}
