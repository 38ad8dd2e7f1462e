package downstream.eval.cli;

import downstream.eval.train.Trace;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --trace}, for commands that train. */
public final class TraceOption {
  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description =
          "Output file for a trace of training's time, in Chrome's trace format (default: none).")
  private @Nullable Path file;

  /**
   * Starts the trace, if there is to be one; the caller closes it.
   *
   * @throws downstream.eval.BadInput if its file cannot be written
   */
  public Trace open() {
    return file == null ? Trace.OFF : Trace.to(file);
  }
}
