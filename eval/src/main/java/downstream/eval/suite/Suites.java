package downstream.eval.suite;

import downstream.eval.Device;
import downstream.eval.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Suites for commands that consist of one. */
public final class Suites {
  private Suites() {}

  /**
   * Returns the command line that answers a suite's comparisons.
   *
   * @param out the suite's folder
   */
  public static List<String> findings(Path out) {
    return List.of(
        "findings",
        comparisons(out).toString(),
        "--runs",
        out.resolve("runs").toString(),
        "--cache",
        out.resolve("board/.replicates").toString());
  }

  /** The file of a suite's comparisons, their sides by the names of runs. */
  static Path comparisons(Path out) {
    return out.resolve("comparisons.yaml");
  }

  /**
   * Runs a suite.
   *
   * @param where it comes from, for messages
   * @param assignments values of its parameters, {@code name=value}
   * @param out its folder
   * @param log told every command, before it runs
   * @throws downstream.eval.BadInput before anything runs, if suite or folder cannot be used
   */
  public static SuiteReport run(
      String where,
      String yaml,
      List<String> assignments,
      Path out,
      int threads,
      Device device,
      Consumer<String> log)
      throws IOException, InterruptedException {
    SuiteFolder.refuseForeign(out);
    SuiteFile file = SuiteFile.of(where, Json.parseYaml(where, yaml), assignments);
    Suite suite = SuiteResolver.of(file, out, true);
    SuiteFolder.claim(out);
    StoredRuns stored = new StoredRuns(suite, out.resolve("runs"), threads, device);
    return new SuiteExecution(
            suite, out, Shard.ALL, stored, new CommandRunner(threads, device, log))
        .run();
  }
}
