package downstream.eval.train;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import downstream.eval.Closeables;
import downstream.eval.Digest;
import downstream.eval.parallel.BatchShare;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Batches in a seeded order, loaded ahead by threads, which also make their arrays. Order and
 * content depend on the seed alone, not on the threads.
 */
final class Loader<E> implements AutoCloseable {
  private static final int BATCHES_AHEAD = 4;

  private final Examples<E> examples;
  private final List<Objective<E>> replicas;
  private final List<NDManager> managers;
  private final TrainingPlan plan;
  private final Trace trace;
  private final int batch;
  private final int batchesPerEpoch;
  private final ExecutorService threads;
  private final Deque<Future<Batch<E>>> ahead = new ArrayDeque<>();
  private int next;
  private long waitNanos;

  /**
   * @param replicas make the arrays of their parts of a batch, on their devices
   * @param start the first step to load
   */
  Loader(
      Examples<E> examples,
      List<Objective<E>> replicas,
      TrainingPlan plan,
      int start,
      Trace trace) {
    this.replicas = List.copyOf(replicas);
    managers = replicas.stream().map(replica -> Objective.device(replica).newManager()).toList();
    this.trace = trace;
    this.examples = examples;
    this.plan = plan;
    batch = Math.min(plan.batch(), examples.size());
    batchesPerEpoch = examples.size() / batch;
    next = start;
    threads =
        Executors.newFixedThreadPool(
            plan.threads(),
            task -> {
              Thread thread = new Thread(task, "loader");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Returns the next step's batch; the caller closes it. */
  Batch<E> take() throws IOException {
    while (ahead.size() < BATCHES_AHEAD && next < plan.steps()) {
      ahead.add(submit(next++));
    }
    long start = System.nanoTime();
    try (Trace.Span waiting = trace.span("wait for data")) {
      return get(ahead.remove());
    } finally {
      waitNanos += System.nanoTime() - start;
    }
  }

  private Future<Batch<E>> submit(int step) {
    int epoch = step / batchesPerEpoch;
    List<Future<E>> futures = new ArrayList<>();
    for (int index : indices(step)) {
      SplittableRandom random = random(plan.seed(), 1, epoch, index);
      futures.add(threads.submit(() -> load(index, random)));
    }
    // Behind its examples in the queue, so they are done or under way when this begins.
    return threads.submit(() -> batch(futures));
  }

  private Batch<E> batch(List<Future<E>> futures) throws IOException {
    List<E> loaded = new ArrayList<>();
    for (Future<E> example : futures) {
      loaded.add(get(example));
    }
    Batch<E> made = new Batch<>(new ArrayList<>());
    try (Trace.Span making = trace.span("make arrays")) {
      int[] sizes = BatchShare.split(loaded.size(), replicas.size());
      int first = 0;
      for (int replica = 0; replica < sizes.length; replica++) {
        List<E> own = List.copyOf(loaded.subList(first, first + sizes[replica]));
        NDManager scope = managers.get(replica).newSubManager();
        NDList arrays = new NDList();
        made.parts().add(new Batch.Part<>(own, arrays, scope));
        arrays.addAll(replicas.get(replica).arrays(own, scope));
        first += sizes[replica];
      }
      return made;
    } catch (RuntimeException | Error e) {
      Closeables.closeAfter(e, made);
      throw e;
    }
  }

  private E load(int index, SplittableRandom random) throws IOException {
    try (Trace.Span loading = trace.span("load example")) {
      return examples.load(index, random);
    }
  }

  /** The examples of a step, in order. */
  int[] indices(int step) {
    int[] order = permutation(examples.size(), random(plan.seed(), 0, step / batchesPerEpoch, 0));
    int start = step % batchesPerEpoch * batch;
    return Arrays.copyOfRange(order, start, start + batch);
  }

  /** Digest of the order of the examples in the first steps. */
  String digest(int steps) {
    Digest digest = new Digest();
    for (int step = 0; step < steps; step++) {
      digest.add(Arrays.toString(indices(step)));
    }
    return digest.hex();
  }

  private static int[] permutation(int size, SplittableRandom random) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** A generator for one purpose: hashing keeps neighbouring seeds apart. */
  static SplittableRandom random(long seed, int purpose, int major, int minor) {
    long mixed = new SplittableRandom(seed).nextLong() + purpose;
    mixed = new SplittableRandom(mixed).nextLong() + major;
    mixed = new SplittableRandom(mixed).nextLong() + minor;
    return new SplittableRandom(mixed);
  }

  private static <T> T get(Future<T> loaded) throws IOException {
    try {
      return loaded.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for data", e);
    } catch (ExecutionException e) {
      throw unwrapped(e.getCause() == null ? e : e.getCause());
    }
  }

  private static RuntimeException unwrapped(Throwable cause) throws IOException {
    if (cause instanceof IOException io) {
      throw io;
    }
    if (cause instanceof UncheckedIOException io) {
      throw io;
    }
    if (cause instanceof RuntimeException runtime) {
      throw runtime;
    }
    return new IllegalStateException("loading failed", cause);
  }

  double waitSeconds() {
    return waitNanos * 1e-9;
  }

  int batch() {
    return batch;
  }

  @Override
  public void close() {
    threads.shutdownNow();
    boolean interrupted = false;
    try {
      if (!threads.awaitTermination(60, java.util.concurrent.TimeUnit.SECONDS)) {
        throw new IllegalStateException("loader threads do not end");
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    managers.forEach(NDManager::close);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
