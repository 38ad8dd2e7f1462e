package downstream.eval.encoder.operators;

/** Keys' kernel of cubic interpolation (1981), equation 8, with a free coefficient. */
public final class CubicKernel {
  private CubicKernel() {}

  /**
   * @param distance from the place that is interpolated, in cells
   * @param a slope at distance 1
   */
  public static double weight(double distance, double a) {
    double x = Math.abs(distance);
    if (x <= 1) {
      return ((a + 2) * x - (a + 3)) * x * x + 1;
    }
    return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
  }
}
