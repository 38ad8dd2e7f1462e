package downstream.eval.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import downstream.eval.Device;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Writer of checkpoints behind the training: the arrays are copied at once, on their device, and
 * written by a thread of its own while training goes on. One is under way at most.
 */
final class CheckpointWriter implements AutoCloseable {
  private final Path file;
  private final String identity;
  private final Map<String, NDArray> arrays;
  private final Device device;
  private final Trace trace;
  private final ExecutorService thread;
  private Optional<Future<?>> underWay = Optional.empty();

  /**
   * @param identity what is being trained
   * @param arrays what a checkpoint holds
   * @param device of the arrays
   */
  CheckpointWriter(
      Path file, String identity, Map<String, NDArray> arrays, Device device, Trace trace) {
    this.file = file;
    this.identity = identity;
    this.arrays = arrays;
    this.device = device;
    this.trace = trace;
    thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread writer = new Thread(task, "checkpoint");
              writer.setDaemon(true);
              return writer;
            });
  }

  /**
   * Starts a checkpoint of the arrays as they are, once the one before is written.
   *
   * @param step the next one to do
   * @throws downstream.eval.BadInput if the one before could not be written
   */
  void start(int step) {
    try (Trace.Span waiting = trace.span("checkpoint wait")) {
      await();
    }
    try (Trace.Span copying = trace.span("checkpoint copy")) {
      NDManager scope = device.newManager();
      Map<String, NDArray> copies = Gradients.without(() -> DeterminismCheck.copies(arrays, scope));
      underWay = Optional.of(thread.submit(() -> write(step, copies, scope)));
    }
  }

  private void write(int step, Map<String, NDArray> copies, NDManager scope) {
    try (scope;
        Trace.Span writing = trace.span("checkpoint write")) {
      Checkpoint.write(file, identity, step, copies);
    }
  }

  private void await() {
    boolean interrupted = false;
    while (underWay.isPresent()) {
      try {
        underWay.get().get();
        underWay = Optional.empty();
      } catch (InterruptedException e) {
        interrupted = true; // a checkpoint is worth the wait
      } catch (ExecutionException e) {
        underWay = Optional.empty();
        throw e.getCause() instanceof RuntimeException cause
            ? cause
            : new IllegalStateException("writing the checkpoint failed", e);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits until the last checkpoint is written.
   *
   * @throws downstream.eval.BadInput if it could not be
   */
  @Override
  public void close() {
    try {
      await();
    } finally {
      thread.shutdown();
    }
  }
}
