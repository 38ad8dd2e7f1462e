package downstream.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Thread pool for independent tasks. What comes out must not depend on their order. */
public final class Workers {
  private Workers() {}

  /**
   * Runs tasks 0…count−1; returns when all are done. The first that fails stops the others, and
   * none is running any more when its failure is thrown.
   *
   * @param name what they do, as its progress is shown
   * @param images that a task is about
   * @throws BadInput if a task throws it
   */
  public static void run(String name, int threads, int count, int images, IntConsumer task) {
    ExecutorService pool =
        Executors.newFixedThreadPool(threads, work -> Workers.daemon(name, work));
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
      await(name, running);
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

  private static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Waits for all, since what they work on may be closed once this returns. */
  private static void await(String name, List<Future<?>> running) {
    List<Throwable> failures = new ArrayList<>();
    for (Future<?> task : running) {
      try {
        task.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(name + ": interrupted", e);
      } catch (ExecutionException e) {
        failures.add(e.getCause());
      }
    }
    if (failures.isEmpty()) {
      return;
    }
    if (failures.get(0) instanceof BadInput bad) {
      throw bad;
    }
    throw new IllegalStateException(name + " failed", failures.get(0));
  }
}
