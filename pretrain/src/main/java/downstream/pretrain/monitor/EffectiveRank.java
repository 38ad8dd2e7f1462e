package downstream.pretrain.monitor;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;

/**
 * The effective rank (Roy and Vetterli, "The effective rank: a measure of effective
 * dimensionality", EUSIPCO 2007) of centred embeddings: exp of the entropy of their singular
 * values, scaled to sum to 1. It is 1 when all lie on one line, and d when they fill d dimensions
 * evenly.
 */
final class EffectiveRank {
  /** Share of the squares below which a deviation from the mean is rounding. */
  private static final double ROUNDING = 1e-10;

  private EffectiveRank() {}

  /**
   * @param rows embeddings [N][d], N at least 2
   * @return 1 to min(N − 1, d); 1 if all rows are equal
   */
  static double of(float[][] rows) {
    double[][] centred = FeatureRows.centred(rows);
    if (squares(centred) <= ROUNDING * squares(rows)) {
      return 1;
    }
    // The squares of the singular values are the eigenvalues of either product with itself.
    boolean wide = centred.length <= centred[0].length;
    double[][] products = FeatureRows.products(wide ? centred : FeatureRows.transposed(centred));
    double[] squares =
        new EigenDecomposition(new Array2DRowRealMatrix(products, false)).getRealEigenvalues();
    double[] singular = new double[squares.length];
    for (int i = 0; i < squares.length; i++) {
      singular[i] = Math.sqrt(Math.max(0, squares[i]));
    }
    return ofSingularValues(singular);
  }

  /** exp(−Σ p ln p), p = σ / Σ σ. */
  static double ofSingularValues(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double entropy = 0;
    for (double value : values) {
      double share = value / sum;
      entropy -= share > 0 ? share * Math.log(share) : 0;
    }
    return Math.exp(entropy);
  }

  private static double squares(double[][] rows) {
    double sum = 0;
    for (double[] row : rows) {
      sum += FeatureRows.dot(row, row);
    }
    return sum;
  }

  private static double squares(float[][] rows) {
    double sum = 0;
    for (float[] row : rows) {
      for (float value : row) {
        sum += (double) value * value;
      }
    }
    return sum;
  }
}
