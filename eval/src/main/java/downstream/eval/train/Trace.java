package downstream.eval.train;

import downstream.eval.BadInput;
import downstream.eval.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Trace of trainings: what each thread did when, as a file in Chrome's trace format. Times are
 * those of the computer's own threads; what they hand to a GPU runs later.
 */
public final class Trace implements AutoCloseable {
  /** No trace: its spans cost nothing. */
  public static final Trace OFF = new Trace(Optional.empty());

  private static final Span NOTHING = () -> {};

  private final Optional<Output> output;

  /** A stretch of time of one thread, from its making until it is closed. */
  @FunctionalInterface
  public interface Span extends AutoCloseable {
    @Override
    void close();
  }

  private Trace(Optional<Output> output) {
    this.output = output;
  }

  /**
   * Starts a trace.
   *
   * @param file replaced if there is one
   * @throws BadInput if it cannot be written
   */
  public static Trace to(Path file) {
    return new Trace(Optional.of(new Output(file)));
  }

  /** Begins a span of this thread; spans within one are its parts. */
  public Span span(String name) {
    if (output.isEmpty()) {
      return NOTHING;
    }
    Output to = output.get();
    long began = System.nanoTime();
    return () -> to.add(name, began, System.nanoTime());
  }

  /**
   * Completes the file.
   *
   * @throws BadInput if it could not be written
   */
  @Override
  public void close() {
    output.ifPresent(Output::close);
  }

  /** The file, written by all threads. */
  private static final class Output {
    private static final int NANOS_PER_MICRO = 1000;

    private final Path file;
    private final BufferedWriter writer;
    private final long start = System.nanoTime();
    private final Set<Long> named = new HashSet<>();
    private boolean closed;

    Output(Path file) {
      this.file = file;
      try {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
          Files.createDirectories(folder);
        }
        writer = Files.newBufferedWriter(file);
        writer.write("[");
      } catch (IOException e) {
        throw unwritable(e);
      }
    }

    synchronized void add(String name, long began, long ended) {
      if (closed) {
        return; // of a thread that outlives the run
      }
      Thread thread = Thread.currentThread();
      if (named.add(thread.getId())) {
        Map<String, Object> event = event("thread_name", "M", thread);
        event.put("args", Map.of("name", thread.getName()));
        write(event);
      }
      Map<String, Object> event = event(name, "X", thread);
      event.put("ts", (double) (began - start) / NANOS_PER_MICRO);
      event.put("dur", (double) (ended - began) / NANOS_PER_MICRO);
      write(event);
    }

    private static Map<String, Object> event(String name, String phase, Thread thread) {
      Map<String, Object> event = new LinkedHashMap<>();
      event.put("name", name);
      event.put("ph", phase);
      event.put("pid", 1);
      event.put("tid", thread.getId());
      return event;
    }

    private void write(Map<String, Object> event) {
      try {
        writer.write(named.size() == 1 && "M".equals(event.get("ph")) ? "\n" : ",\n");
        writer.write(Json.canonical(event));
      } catch (IOException e) {
        throw unwritable(e);
      }
    }

    synchronized void close() {
      closed = true;
      try (BufferedWriter last = writer) {
        last.write("\n]\n");
      } catch (IOException e) {
        throw unwritable(e);
      }
    }

    private BadInput unwritable(IOException e) {
      return new BadInput(
          file,
          "cannot be written (" + e + ")",
          "Check the folder's permissions and the disk space",
          e);
    }
  }
}
