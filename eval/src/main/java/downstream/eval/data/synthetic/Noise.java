package downstream.eval.data.synthetic;

/** Value noise: random values on a grid, smoothly interpolated. */
record Noise(long seed) {

  /** Value between 0 and 1, with features about one unit wide. */
  double at(double x, double y) {
    double left = StrictMath.floor(x);
    double top = StrictMath.floor(y);
    double u = smooth(x - left);
    double v = smooth(y - top);
    long column = (long) left;
    long row = (long) top;
    double above = (1 - u) * knot(column, row) + u * knot(column + 1, row);
    double below = (1 - u) * knot(column, row + 1) + u * knot(column + 1, row + 1);
    return (1 - v) * above + v * below;
  }

  /**
   * Fractal value between 0 and 1; each octave has half the width and half the weight of the one
   * before.
   */
  double fractal(double x, double y, int octaves) {
    double sum = 0;
    double weight = 0;
    for (int octave = 0; octave < octaves; octave++) {
      double frequency = 1 << octave;
      sum += at(x * frequency + 17 * octave, y * frequency) / frequency;
      weight += 1 / frequency;
    }
    return sum / weight;
  }

  private double knot(long column, long row) {
    long hash = SplitMix64.mix(seed + column * 0x9E3779B97F4A7C15L + row * 0xC2B2AE3D27D4EB4FL);
    return (hash >>> 11) * 0x1p-53;
  }

  private static double smooth(double t) {
    return t * t * (3 - 2 * t);
  }
}
