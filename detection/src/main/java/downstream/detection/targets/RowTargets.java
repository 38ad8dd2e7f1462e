package downstream.detection.targets;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import downstream.eval.train.optimiser.Scalars;
import java.util.Arrays;

/**
 * Rows of an array that a loss looks at, each with what it should be; grows as they are added. The
 * arrays made of it live as long as the manager of the array they are taken from.
 */
public final class RowTargets {
  private final int width;
  private long[] rows = new long[256];
  private float[] truth;
  private int size;

  /**
   * @param width numbers of a row
   */
  public RowTargets(int width) {
    this.width = width;
    truth = new float[256 * width];
  }

  /** Adds a row; what it should be is copied. */
  public void add(long row, float... numbers) {
    if (size == rows.length) {
      rows = Arrays.copyOf(rows, 2 * size);
      truth = Arrays.copyOf(truth, 2 * size * width);
    }
    System.arraycopy(numbers, 0, truth, size * width, width);
    rows[size++] = row;
  }

  /** What a loss of two arrays [rows, width] is, by element. */
  public interface Loss {
    NDArray of(NDArray found, NDArray groundTruth);
  }

  /**
   * The loss of these rows, summed and divided; 0 if there are none, but recorded all the same: a
   * weight that no loss reaches would have no gradient.
   *
   * @param array [·, width], or [·] for rows of one number
   */
  public NDArray loss(NDArray array, Loss loss, double divisor) {
    int count = Math.max(1, size);
    long[] wanted = Arrays.copyOf(rows, count);
    NDArray index = array.getManager().create(wanted, new Shape(count));
    NDArray found = array.get(new NDIndex("{}", index)).reshape(count, width);
    float[] numbers = Arrays.copyOf(truth, count * width);
    NDArray should = array.getManager().create(numbers, new Shape(count, width));
    NDArray sum = loss.of(found, should).sum();
    return size == 0 ? Scalars.times(sum, 0) : Scalars.over(sum, divisor);
  }
}
