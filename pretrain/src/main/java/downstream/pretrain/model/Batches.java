package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/** Host arrays of equal length as one native array. */
public final class Batches {
  private Batches() {}

  /**
   * @param planes N times 3·side·side values
   * @return [N, 3, side, side]
   */
  public static NDArray images(List<float[]> planes, int side, NDManager manager) {
    return array(planes, manager, 3, side, side);
  }

  /**
   * @param rows N times the product of {@code shape} values
   * @return [N, shape…]
   */
  public static NDArray array(List<float[]> rows, NDManager manager, long... shape) {
    int length = rows.get(0).length;
    float[] flat = new float[rows.size() * length];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, flat, i * length, length);
    }
    return manager.create(flat, new Shape(rows.size()).addAll(new Shape(shape)));
  }

  /**
   * @param rows N times K indices
   * @return int64 [N, K]
   */
  public static NDArray indices(List<int[]> rows, NDManager manager) {
    long[] flat = rows.stream().flatMapToInt(java.util.Arrays::stream).asLongStream().toArray();
    return manager.create(flat, new Shape(rows.size(), rows.get(0).length));
  }
}
