package downstream.eval.cli;

import downstream.eval.BadInput;
import picocli.CommandLine.Option;

/** The option {@code --threads}, for commands that train. */
public final class ThreadsOption {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Number of threads for loading and computing (default: one per core).")
  private int threads = Runtime.getRuntime().availableProcessors();

  /**
   * Returns the number of threads and hands it to the training engine, which reads it once, at its
   * first use.
   *
   * @throws BadInput if it is not positive
   */
  public int use() {
    if (threads < 1) {
      throw new BadInput(
          "--threads", "must be at least 1, not " + threads, "Give a positive number of threads");
    }
    tellEngine(threads);
    return threads;
  }

  /** Sets the training engine's number of threads where it does not come from the option. */
  public static void tellEngine(int threads) {
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
  }
}
