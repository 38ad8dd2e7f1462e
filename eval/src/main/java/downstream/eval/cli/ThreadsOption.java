package downstream.eval.cli;

import downstream.eval.BadInput;
import picocli.CommandLine.Option;

/** The option {@code --threads}, for verbs that train. */
public final class ThreadsOption {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of loader and engine (default: one a core).")
  private int threads = Runtime.getRuntime().availableProcessors();

  /**
   * How many, and tells the training engine, which looks once, when it is first used.
   *
   * @throws BadInput if it is not positive
   */
  public int use() {
    if (threads < 1) {
      throw new BadInput("--threads", "must be at least 1, not " + threads, "Give a count");
    }
    tellEngine(threads);
    return threads;
  }

  /** For a verb that takes the number from elsewhere. */
  public static void tellEngine(int threads) {
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
  }
}
