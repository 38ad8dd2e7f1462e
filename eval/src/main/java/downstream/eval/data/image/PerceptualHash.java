package downstream.eval.data.image;

/**
 * Perceptual hash of an image, in 64 bits: re-encoding or resizing it changes few of them, another
 * image has about half of them different. Of the image's brightness at 32 × 32, the discrete cosine
 * transform's coefficients 1 to 8 of both axes (Zauner, "Implementation and benchmarking of
 * perceptual image hash functions", 2010): a bit is set where the coefficient is above their
 * median.
 */
public final class PerceptualHash {
  private static final int SIDE = 32;
  private static final int KEPT = 8;

  /** Less than this, in grey levels, is no structure but rounding. */
  private static final double FLAT = 1;

  private static final double[][] COSINES = cosines();

  private PerceptualHash() {}

  /** The hash of an image; 0, which is like nothing, of one without structure. */
  public static long of(Image image) {
    double[] coefficients = coefficients(grey(image.resize(SIDE, SIDE)));
    double[] sorted = coefficients.clone();
    java.util.Arrays.sort(sorted);
    if (Math.max(-sorted[0], sorted[sorted.length - 1]) < FLAT * SIDE) {
      return 0;
    }
    double median = (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
    long hash = 0;
    for (int i = 0; i < coefficients.length; i++) {
      hash |= coefficients[i] > median ? 1L << i : 0;
    }
    return hash;
  }

  /** Number of bits in which two images differ, 0 to 64; 64 where one of them has no structure. */
  public static int distance(long a, long b) {
    return a == 0 || b == 0 ? Long.SIZE : Long.bitCount(a ^ b);
  }

  private static double[][] grey(Image image) {
    double[][] grey = new double[SIDE][SIDE];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int colour = image.at(x, y);
        grey[y][x] =
            0.299 * (colour >> 16) + 0.587 * (colour >> 8 & 0xFF) + 0.114 * (colour & 0xFF);
      }
    }
    return grey;
  }

  /** Rows of the transform, without the constant one. */
  private static double[][] cosines() {
    double[][] cosines = new double[KEPT][SIDE];
    for (int k = 0; k < KEPT; k++) {
      for (int i = 0; i < SIDE; i++) {
        // StrictMath: the same bits on every machine.
        cosines[k][i] = StrictMath.cos(Math.PI * (k + 1) * (2 * i + 1) / (2 * SIDE));
      }
    }
    return cosines;
  }

  /** C · grey · Cᵀ, row by row. */
  private static double[] coefficients(double[][] grey) {
    double[] coefficients = new double[KEPT * KEPT];
    for (int v = 0; v < KEPT; v++) {
      for (int x = 0; x < SIDE; x++) {
        double column = 0;
        for (int y = 0; y < SIDE; y++) {
          column += COSINES[v][y] * grey[y][x];
        }
        for (int u = 0; u < KEPT; u++) {
          coefficients[v * KEPT + u] += COSINES[u][x] * column;
        }
      }
    }
    return coefficients;
  }
}
