package downstream.eval.encoder;

/** How far apart two arrays are, relative to the larger values of the second. */
public final class RelativeError {
  private RelativeError() {}

  /** max|a − b| / max|b|; infinite for arrays of different lengths, NaN where a value is. */
  public static double of(float[] a, float[] b) {
    if (a.length != b.length) {
      return Double.POSITIVE_INFINITY;
    }
    double apart = 0;
    double scale = 1e-6;
    for (int i = 0; i < a.length; i++) {
      apart = Math.max(apart, Math.abs((double) a[i] - b[i]));
      scale = Math.max(scale, Math.abs(b[i]));
    }
    return apart / scale;
  }
}
