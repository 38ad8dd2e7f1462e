package downstream.pretrain.mining.pairs;

import java.util.Arrays;
import java.util.function.IntFunction;

/** Normalisation for cosine similarity: subtracts the mean, if so set, and scales to length 1. */
public final class UnitVectors {
  private UnitVectors() {}

  /**
   * The mean of many vectors, summed in order.
   *
   * @param count at least 1
   */
  public static double[] mean(int count, int width, IntFunction<float[]> rows) {
    double[] sum = new double[width];
    for (int row = 0; row < count; row++) {
      float[] values = rows.apply(row);
      for (int i = 0; i < width; i++) {
        sum[i] += values[i];
      }
    }
    return Arrays.stream(sum).map(value -> value / count).toArray();
  }

  /** A mean of 0, where no mean is subtracted. */
  public static double[] zero(int width) {
    return new double[width];
  }

  /** (v − mean) / ‖v − mean‖, in place; a vector that equals the mean becomes 0. */
  public static float[] normalise(float[] values, double[] mean) {
    double squares = 0;
    for (int i = 0; i < values.length; i++) {
      double centred = values[i] - mean[i];
      squares += centred * centred;
    }
    double scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((values[i] - mean[i]) * scale);
    }
    return values;
  }
}
