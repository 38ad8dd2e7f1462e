package downstream.eval.parallel;

import ai.djl.pytorch.jni.JniUtils;
import downstream.eval.torch.Autocast;
import downstream.eval.torch.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/**
 * Threads of the replicas: the first one works on the thread that asks, so a single replica needs
 * no other.
 */
public final class ReplicaThreads implements AutoCloseable {
  private final ExecutorService threads;

  /** Creates a pool that starts threads as they are needed. */
  public ReplicaThreads() {
    threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "replica");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Runs the work of all replicas side by side, each with its {@link BatchShare}, in the precision
   * and with the gradients of the current thread.
   *
   * @param examples of each replica
   * @param work gives a replica's result, by its number
   * @return the results in the order of the replicas
   */
  public <T> List<T> run(int[] examples, IntFunction<T> work) {
    if (examples.length == 1) {
      return List.of(work.apply(0));
    }
    ReplicaExchange exchange = new ReplicaExchange(examples.length);
    Precision precision = Autocast.current();
    boolean gradients = JniUtils.isGradMode();
    List<Future<T>> others = new ArrayList<>();
    for (int i = 1; i < examples.length; i++) {
      int replica = i;
      others.add(
          threads.submit(
              () -> {
                Autocast.follow(precision);
                JniUtils.setGradMode(gradients);
                return new BatchShare(replica, examples, exchange)
                    .during(() -> work.apply(replica));
              }));
    }
    List<Callable<T>> all = new ArrayList<>();
    all.add(() -> new BatchShare(0, examples, exchange).during(() -> work.apply(0)));
    others.forEach(other -> all.add(other::get));
    return results(all);
  }

  /** Waits for all, and throws the first failure that is not the consequence of another. */
  private static <T> List<T> results(List<Callable<T>> all) {
    List<T> results = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (Callable<T> each : all) {
      try {
        results.add(each.call());
      } catch (ExecutionException e) {
        failures.add(e.getCause() == null ? e : e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failures.add(e);
      } catch (Exception | Error e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw unchecked(
          failures.stream()
              .filter(failure -> !BatchShare.isFollowing(failure))
              .findFirst()
              .orElse(failures.get(0)));
    }
    return results;
  }

  private static RuntimeException unchecked(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException("a replica failed", failure);
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
