package downstream.pretrain.mining;

import downstream.eval.BadInput;
import downstream.eval.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Does independent tasks on a few threads. What comes out must not depend on their order. */
final class Workers {
  private Workers() {}

  /**
   * Does tasks 0…count−1; returns when all are done. The first that fails stops the others.
   *
   * @param images that a task is about
   */
  static void run(String name, int threads, int count, int images, IntConsumer task) {
    ExecutorService pool = Executors.newFixedThreadPool(threads, Workers::daemon);
    AtomicInteger next = new AtomicInteger();
    try (Progress progress =
        new Progress(name, images == 1 ? "image" : "batch", 0, count, images)) {
      AtomicInteger done = new AtomicInteger();
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < Math.min(threads, count); i++) {
        running.add(
            pool.submit(
                () -> {
                  for (int n = next.getAndIncrement(); n < count; n = next.getAndIncrement()) {
                    doOne(n, task, next, count);
                    synchronized (progress) {
                      progress.at(done.incrementAndGet(), "");
                    }
                  }
                }));
      }
      running.forEach(Workers::await);
    } finally {
      pool.shutdownNow();
    }
  }

  private static void doOne(int n, IntConsumer task, AtomicInteger next, int count) {
    boolean ended = false;
    try {
      task.accept(n);
      ended = true;
    } finally {
      if (!ended) {
        next.set(count);
      }
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "mining");
    thread.setDaemon(true);
    return thread;
  }

  private static void await(Future<?> task) {
    try {
      task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while mining", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BadInput bad) {
        throw bad;
      }
      throw new IllegalStateException("mining failed", e.getCause());
    }
  }
}
