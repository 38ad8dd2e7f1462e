package downstream.detection.targets;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import downstream.eval.train.optimiser.Scalars;
import java.util.Arrays;

/**
 * Rows of an array that a loss looks at, each with its target; grows as they are added. The arrays
 * made of it live as long as the manager of the array they are taken from.
 */
public final class RowTargets {
  private final int width;
  private long[] rows = new long[256];
  private float[] values;
  private int size;

  /**
   * @param width numbers of a row
   */
  public RowTargets(int width) {
    this.width = width;
    values = new float[256 * width];
  }

  /** Adds a row; its target is copied. */
  public void add(long row, float... numbers) {
    if (size == rows.length) {
      rows = Arrays.copyOf(rows, 2 * size);
      values = Arrays.copyOf(values, 2 * size * width);
    }
    System.arraycopy(numbers, 0, values, size * width, width);
    rows[size++] = row;
  }

  /** Elementwise loss of two arrays [rows, width]. */
  public interface Loss {
    NDArray of(NDArray outputs, NDArray targets);
  }

  /**
   * The loss of these rows, summed and divided; 0 if there are none, but recorded all the same: a
   * weight that no loss reaches would have no gradient.
   *
   * @param array [·, width], or [·] for rows of one number
   */
  public NDArray loss(NDArray array, Loss loss, double divisor) {
    int count = Math.max(1, size);
    long[] used = Arrays.copyOf(rows, count);
    NDArray index = array.getManager().create(used, new Shape(count));
    NDArray outputs = array.get(new NDIndex("{}", index)).reshape(count, width);
    float[] numbers = Arrays.copyOf(values, count * width);
    NDArray targets = array.getManager().create(numbers, new Shape(count, width));
    NDArray sum = loss.of(outputs, targets).sum();
    return size == 0 ? Scalars.times(sum, 0) : Scalars.over(sum, divisor);
  }
}
