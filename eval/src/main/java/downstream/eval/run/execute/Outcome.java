package downstream.eval.run.execute;

import downstream.eval.run.Result;
import java.nio.file.Path;

/**
 * Outcome of one run, as the command line reports it.
 *
 * @param kind what happened to it just now
 */
public record Outcome(Kind kind, Path file, Result result) {
  /** {@code REUSED}: it was there already, with the same digests. */
  public enum Kind {
    MEASURED,
    REUSED,
    FAILED
  }
}
