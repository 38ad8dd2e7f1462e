package downstream.eval.parallel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import downstream.eval.parallel.ReplicaExchange.MissingReplica;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Part of a batch that the current thread's replica of the network computes, and the way to what
 * the other replicas know. Outside of data-parallel training, and with one replica, it is the
 * {@link #isWhole() whole} batch, and every method gives back what it is given.
 *
 * <p>All replicas ask the same questions in the same order: each is an exchange between their
 * threads.
 */
public final class BatchShare {
  private static final BatchShare WHOLE = new BatchShare(0, new int[] {1}, null);
  private static final ThreadLocal<BatchShare> CURRENT = ThreadLocal.withInitial(() -> WHOLE);

  private final int replica;
  private final int[] examples;
  private final @Nullable ReplicaExchange exchange;
  private boolean drawing; // of one thread

  /**
   * @param examples of each replica
   * @param exchange of the replicas; null if there is one alone
   */
  BatchShare(int replica, int[] examples, @Nullable ReplicaExchange exchange) {
    this.replica = replica;
    this.examples = examples.clone();
    this.exchange = exchange;
  }

  /** Returns the share of the current thread. */
  public static BatchShare current() {
    return CURRENT.get();
  }

  /** Runs work as a replica's, on the current thread. */
  <T> T during(Supplier<T> work) {
    BatchShare before = CURRENT.get();
    CURRENT.set(this);
    try {
      return work.get();
    } finally {
      CURRENT.set(before);
      if (exchange != null) {
        exchange.end();
      }
    }
  }

  /** Splits a batch: as evenly as it goes, the first replicas get one more. */
  public static int[] split(int batch, int replicas) {
    int[] sizes = new int[replicas];
    Arrays.setAll(sizes, i -> batch / replicas + (i < batch % replicas ? 1 : 0));
    return sizes;
  }

  /** Tells whether it is the whole batch. */
  public boolean isWhole() {
    return exchange == null;
  }

  /** Returns the number of this share's first example in the whole batch, 0 for the first. */
  public int first() {
    return Arrays.stream(examples, 0, replica).sum();
  }

  /** Returns the fraction of the batch's examples in this share: the weight of its loss. */
  private double fraction() {
    return (double) examples[replica] / Arrays.stream(examples).sum();
  }

  /** Returns the counts that all replicas bring, in their order. */
  List<Double> counts(double own) {
    return exchange(own);
  }

  private <T> List<T> exchange(T own) {
    return exchange == null ? List.of(own) : exchange.exchange(replica, own);
  }

  /**
   * The divisor of a loss that is averaged over something else than examples: positives, pixels.
   * Training weights the loss of a share by its {@link #fraction}; divided by this, the shares add
   * up to the loss of the batch over the count of the batch.
   *
   * @param own count in this share
   * @param least smallest count of the whole batch
   */
  public double divisor(double own, double least) {
    double count = exchange(own).stream().mapToDouble(each -> each).sum();
    return Math.max(least, count) * fraction();
  }

  /**
   * Returns {@link #divisor(double, double)} of a count that is on the device.
   *
   * @param own a scalar that does not depend on weights
   * @param least smallest count of the whole batch; 0 for none
   */
  public NDArray divisor(NDArray own, int least) {
    NDArray count = isWhole() ? own : NDArrays.add(gather(own).toArray(NDArray[]::new));
    NDArray enough = least > 0 ? count.maximum(least) : count;
    return isWhole() ? enough : enough.mul(count.getManager().create((float) fraction()));
  }

  /**
   * Draws random numbers when it is this replica's turn: the first replica's first, then the
   * second's. So each example gets the numbers that it gets from one replica with the whole batch.
   *
   * @param draw draws for the examples of this share in order, and asks no replica
   */
  public <T> T inTurn(Supplier<T> draw) {
    if (isWhole()) {
      return draw.get();
    }
    T drawn = null;
    for (int turn = 0; turn < examples.length; turn++) {
      if (turn == replica) {
        drawing = true;
        drawn = draw.get();
        drawing = false;
      }
      if (turn < examples.length - 1) {
        exchange(turn);
      }
    }
    if (drawn == null) {
      throw new IllegalStateException("nothing was drawn");
    }
    return drawn;
  }

  /** Tells whether it is this replica's turn to draw. */
  boolean mayDraw() {
    return isWhole() || drawing;
  }

  /** Draws rows for the examples of a batch. */
  @FunctionalInterface
  public interface Rows {
    /** Returns an array of so many rows, without gradients. */
    NDArray draw(int count);
  }

  /**
   * Draws one row for each example of the batch, on the first replica's device, whose generator is
   * that of a training on one device; returns the rows of this share.
   *
   * @param own number of rows of this share: examples, or a multiple of them
   * @param scope owns the rows
   */
  public NDArray rows(int own, NDManager scope, Rows rows) {
    if (isWhole()) {
      return rows.draw(own);
    }
    int each = own / examples[replica];
    int all = each * Arrays.stream(examples).sum();
    NDArray whole =
        exchange(replica == 0 ? new NDList(rows.draw(all)) : new NDList()).get(0).head();
    int first = each * first();
    NDArray mine = whole.get(first + ":" + (first + own));
    return moved(mine, scope);
  }

  /**
   * Returns the arrays that all replicas bring, in their order, on the device of this one. They
   * stay connected by autograd: one backward pass goes through all replicas.
   */
  public List<NDArray> gather(NDArray own) {
    List<NDArray> all = exchange(own);
    List<NDArray> here = new ArrayList<>();
    for (NDArray array : all) {
      here.add(array == own ? own : moved(array, own.getManager()));
    }
    return here;
  }

  /** Returns the rows of the whole batch, in order, from the rows of each share. */
  public NDArray gatherRows(NDArray own) {
    return isWhole() ? own : NDArrays.concat(new NDList(gather(own)));
  }

  /** An array on the device of a scope that owns it; a handle of its own on the same device. */
  private static NDArray moved(NDArray array, NDManager scope) {
    NDArray here =
        array.getDevice().equals(scope.getDevice())
            ? array.reshape(array.getShape())
            : array.toDevice(scope.getDevice(), false);
    here.attach(scope);
    return here;
  }

  /** Tells whether a failure only says that another replica failed before. */
  static boolean isFollowing(Throwable failure) {
    return failure instanceof MissingReplica;
  }
}
