package downstream.pretrain.mining.embedding;

import java.util.function.IntFunction;

/**
 * Whitening of embeddings: centred, and divided by a root of their covariance, so that cosines of
 * the results are those of Mahalanobis's inner product. Directions that nearly all embeddings share
 * then say no more than others (Jégou and Chum, "Negative evidences and co-occurrences in image
 * retrieval", ECCV 2012). The root is the Cholesky factor: any root gives the same cosines.
 */
final class Whitening {
  /** Most embeddings that the covariance is taken from, spread evenly. */
  static final int SAMPLE = 20_000;

  private final double[] mean;
  private final double[][] factor;

  private Whitening(double[] mean, double[][] factor) {
    this.mean = mean;
    this.factor = factor;
  }

  /**
   * Estimates mean and covariance: (1 − s) · covariance + s · mean variance · identity.
   *
   * @param count embeddings, at least 1
   * @param shrinkage s, in (0, 1]
   */
  static Whitening fit(int count, int width, IntFunction<float[]> rows, double shrinkage) {
    int step = (count + SAMPLE - 1) / SAMPLE;
    int used = (count + step - 1) / step;
    double[] mean = new double[width];
    for (int i = 0; i < count; i += step) {
      float[] row = rows.apply(i);
      for (int j = 0; j < width; j++) {
        mean[j] += row[j] / (double) used;
      }
    }
    double[][] covariance = new double[width][width];
    for (int i = 0; i < count; i += step) {
      addProducts(covariance, centred(rows.apply(i), mean));
    }
    double variance = 0;
    for (int i = 0; i < width; i++) {
      variance += covariance[i][i] / used / width;
    }
    // Embeddings that are all the same have no variance: any positive number does.
    double floor = variance > 0 ? variance : 1;
    for (int i = 0; i < width; i++) {
      for (int j = 0; j <= i; j++) {
        covariance[i][j] = (1 - shrinkage) * covariance[i][j] / used;
      }
      covariance[i][i] += shrinkage * floor;
    }
    return new Whitening(mean, cholesky(covariance));
  }

  private static double[] centred(float[] row, double[] mean) {
    double[] centred = new double[mean.length];
    for (int i = 0; i < mean.length; i++) {
      centred[i] = row[i] - mean[i];
    }
    return centred;
  }

  /** Adds the lower triangle of a vector's outer product with itself. */
  private static void addProducts(double[][] sums, double[] vector) {
    for (int i = 0; i < vector.length; i++) {
      for (int j = 0; j <= i; j++) {
        sums[i][j] += vector[i] * vector[j];
      }
    }
  }

  /** The lower triangular L with L · Lᵀ = matrix; reads the lower triangle of it. */
  private static double[][] cholesky(double[][] matrix) {
    int width = matrix.length;
    double[][] lower = new double[width][];
    for (int i = 0; i < width; i++) {
      lower[i] = new double[i + 1];
      for (int j = 0; j <= i; j++) {
        double rest = matrix[i][j];
        for (int k = 0; k < j; k++) {
          rest -= lower[i][k] * lower[j][k];
        }
        lower[i][j] = i == j ? Math.sqrt(rest) : rest / lower[j][j];
      }
    }
    return lower;
  }

  /** L⁻¹ · (embedding − mean). */
  float[] apply(float[] embedding) {
    double[] solved = new double[mean.length];
    float[] whitened = new float[mean.length];
    for (int i = 0; i < mean.length; i++) {
      double rest = embedding[i] - mean[i];
      double[] row = factor[i];
      for (int j = 0; j < i; j++) {
        rest -= row[j] * solved[j];
      }
      solved[i] = rest / row[i];
      whitened[i] = (float) solved[i];
    }
    return whitened;
  }
}
