package downstream.detection.targets;

/** Set of the input points that an object covers. */
public interface InstanceMask {
  /**
   * Tests a grid of points.
   *
   * @param xs in input pixels, one a column
   * @param ys in input pixels, one a row
   * @return row by row: whether the object covers the point
   */
  boolean[] covers(double[] xs, double[] ys);
}
