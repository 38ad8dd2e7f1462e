package downstream.pretrain;

import downstream.eval.data.DataSets;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.runtime.OnnxEncoder;
import downstream.pretrain.monitor.FeatureProbe;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * How well classes can be told apart by a linear map of frozen features: ridge regression on
 * one-hot targets, features standardised by the training items, in closed form, so without a draw.
 */
final class LinearProbe {
  private static final double RIDGE = 1e-6;
  private static final int ITEMS = 12_000;

  private final FeatureProbe train;
  private final FeatureProbe test;

  private LinearProbe(FeatureProbe train, FeatureProbe test) {
    this.train = train;
    this.test = test;
  }

  /** On the objects of the splits {@code train} and {@code val} of a data set, cut out. */
  static LinearProbe of(Path data, int size) {
    return new LinearProbe(
        FeatureProbe.ofBoxes(DataSets.labelled(data + "@train"), ITEMS, size),
        FeatureProbe.ofBoxes(DataSets.labelled(data + "@val"), ITEMS, size));
  }

  /**
   * Arguments: a data set and encoders, ViTs of ours of one image size; prints an accuracy each.
   */
  public static void main(String[] arguments) {
    LinearProbe probe = null;
    for (int i = 1; i < arguments.length; i++) {
      EncoderFile file = EncoderFile.read(Path.of(arguments[i]));
      probe = probe == null ? of(Path.of(arguments[0]), file.spec().imageSize()) : probe;
      System.out.printf(Locale.ROOT, "%.4f  %s%n", probe.accuracy(file), arguments[i]);
    }
  }

  /** Of a linear map of the mean patch token. */
  double accuracy(EncoderFile file) {
    return accuracy(
        features(file, train.images()),
        train.labels(),
        features(file, test.images()),
        test.labels());
  }

  private static float[][] features(EncoderFile file, List<float[]> images) {
    int size = file.spec().imageSize();
    float[][] rows = new float[images.size()][];
    try (OnnxEncoder encoder = new OnnxEncoder(file, List.of("latent"), 2)) {
      for (int i = 0; i < rows.length; i++) {
        OnnxEncoder.Value latent =
            Objects.requireNonNull(
                encoder
                    .run(images.get(i), new long[] {1, 3, size, size}, List.of("latent"))
                    .get("latent"));
        rows[i] = meanToken(latent);
      }
    }
    return rows;
  }

  private static float[] meanToken(OnnxEncoder.Value latent) {
    int tokens = (int) latent.shape()[1];
    int width = (int) latent.shape()[2];
    float[] mean = new float[width];
    for (int i = 0; i < tokens * width; i++) {
      mean[i % width] += latent.data()[i] / tokens;
    }
    return mean;
  }

  /** Share of the test items whose class the map fitted to the training items gives. */
  static double accuracy(
      float[][] train, List<Long> trainLabels, float[][] test, List<Long> testLabels) {
    List<Long> classes = trainLabels.stream().distinct().sorted().toList();
    double[][] scale = scale(train);
    RealMatrix x = rows(train, scale);
    RealMatrix y = new Array2DRowRealMatrix(train.length, classes.size());
    for (int i = 0; i < train.length; i++) {
      y.setEntry(i, classes.indexOf(trainLabels.get(i)), 1);
    }
    RealMatrix gram = x.transpose().multiply(x);
    RealMatrix ridge =
        MatrixUtils.createRealIdentityMatrix(gram.getRowDimension())
            .scalarMultiply(RIDGE * train.length);
    RealMatrix map =
        new CholeskyDecomposition(gram.add(ridge)).getSolver().solve(x.transpose().multiply(y));
    RealMatrix scores = rows(test, scale).multiply(map);
    int right = 0;
    for (int i = 0; i < test.length; i++) {
      double[] row = scores.getRow(i);
      int best = 0;
      for (int c = 1; c < row.length; c++) {
        best = row[c] > row[best] ? c : best;
      }
      right += classes.get(best).equals(testLabels.get(i)) ? 1 : 0;
    }
    return (double) right / test.length;
  }

  private static double[][] scale(float[][] rows) {
    int width = rows[0].length;
    double[] mean = new double[width];
    double[] deviation = new double[width];
    for (int d = 0; d < width; d++) {
      double sum = 0;
      double squares = 0;
      for (float[] row : rows) {
        sum += row[d];
        squares += (double) row[d] * row[d];
      }
      mean[d] = sum / rows.length;
      deviation[d] = Math.sqrt(Math.max(1e-12, squares / rows.length - mean[d] * mean[d]));
    }
    return new double[][] {mean, deviation};
  }

  /** Standardised features and a constant. */
  private static RealMatrix rows(float[][] features, double[][] scale) {
    int width = features[0].length;
    RealMatrix rows = new Array2DRowRealMatrix(features.length, width + 1);
    for (int i = 0; i < features.length; i++) {
      for (int d = 0; d < width; d++) {
        rows.setEntry(i, d, (features[i][d] - scale[0][d]) / scale[1][d]);
      }
      rows.setEntry(i, width, 1);
    }
    return rows;
  }
}
