package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Conversions between lists of host arrays and native arrays. */
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

  /** The rows of an array in host memory: [N, …] as N times the other values. */
  public static List<float[]> rows(NDArray array) {
    float[] flat = array.toFloatArray();
    int count = (int) array.getShape().get(0);
    int length = flat.length / count;
    return IntStream.range(0, count)
        .mapToObj(i -> Arrays.copyOfRange(flat, i * length, (i + 1) * length))
        .toList();
  }

  /**
   * @param rows N times K indices
   * @return int64 [N, K]
   */
  public static NDArray indices(List<int[]> rows, NDManager manager) {
    long[] flat = rows.stream().flatMapToInt(Arrays::stream).asLongStream().toArray();
    return manager.create(flat, new Shape(rows.size(), rows.get(0).length));
  }
}
