package downstream.eval.parallel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Exchange of values between the replicas' threads in one step: each brings one and gets all. */
final class ReplicaExchange {
  private final @Nullable Object[] brought;

  /** Values of the last full round; nobody completes the next one before all have taken them. */
  private @Nullable Object[] all = new @Nullable Object[0];

  private int arrived;
  private long round;
  private boolean ended;

  ReplicaExchange(int replicas) {
    brought = new @Nullable Object[replicas];
  }

  /**
   * Waits until every replica has brought its value. All replicas must come to the same exchanges
   * in the same order.
   *
   * @return the values in the order of the replicas
   * @throws MissingReplica if another replica has failed, or has ended its work
   */
  <T> List<T> exchange(int replica, T own) {
    List<T> values = new ArrayList<>();
    for (Object value : meet(replica, own)) {
      @SuppressWarnings("unchecked") // all bring the same type to one exchange
      T typed = (T) value;
      values.add(typed);
    }
    return values;
  }

  private synchronized @Nullable Object[] meet(int replica, @Nullable Object own) {
    brought[replica] = own;
    arrived++;
    long mine = round;
    if (arrived == brought.length) {
      arrived = 0;
      round++;
      notifyAll();
      all = Arrays.copyOf(brought, brought.length);
      return all;
    }
    try {
      while (round == mine) {
        if (ended) {
          throw new MissingReplica();
        }
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for another replica", e);
    }
    return all;
  }

  /** Tells all who wait that a replica comes to no more exchanges. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Another replica has failed, or has come to fewer exchanges than this one. */
  static final class MissingReplica extends IllegalStateException {
    private static final long serialVersionUID = 1;

    MissingReplica() {
      super(
          "a replica waits for another one that has ended: objectives must ask BatchShare the same"
              + " questions in the same order on every replica");
    }
  }
}
