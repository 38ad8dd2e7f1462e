package downstream.pretrain.monitor;

/** Arithmetic on rows of embeddings, in double. */
final class FeatureRows {
  private FeatureRows() {}

  /** The rows less their mean row. */
  static double[][] centred(float[][] rows) {
    double[] mean = new double[rows[0].length];
    for (float[] row : rows) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += (double) row[i] / rows.length;
      }
    }
    double[][] centred = new double[rows.length][mean.length];
    for (int n = 0; n < rows.length; n++) {
      for (int i = 0; i < mean.length; i++) {
        centred[n][i] = rows[n][i] - mean[i];
      }
    }
    return centred;
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  static double[][] transposed(double[][] rows) {
    double[][] columns = new double[rows[0].length][rows.length];
    for (int n = 0; n < rows.length; n++) {
      for (int i = 0; i < columns.length; i++) {
        columns[i][n] = rows[n][i];
      }
    }
    return columns;
  }

  /** Inner products of all pairs of rows. */
  static double[][] products(double[][] rows) {
    double[][] products = new double[rows.length][rows.length];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j <= i; j++) {
        products[i][j] = dot(rows[i], rows[j]);
        products[j][i] = products[i][j];
      }
    }
    return products;
  }
}
