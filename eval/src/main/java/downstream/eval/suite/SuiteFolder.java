package downstream.eval.suite;

import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The folder that a suite works in. Several processes may work in it at once. */
final class SuiteFolder {
  /** Locks of what is being prepared. */
  static final String LOCKS = ".suite";

  private static final String MARKER = "suite.json";

  private SuiteFolder() {}

  /** Marks the folder as one of suites, creating it if need be. */
  static void claim(Path folder) {
    AtomicFile.write(folder.resolve(MARKER), Json.pretty(Map.of("layout", "downstream/suite/1")));
  }

  /**
   * Checks the folder before anything is written.
   *
   * @throws BadInput if the folder holds something that is no suite's
   */
  static void refuseForeign(Path folder) {
    if (!Files.exists(folder) || Files.exists(folder.resolve(MARKER))) {
      return;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      List<String> names = entries.map(p -> String.valueOf(p.getFileName())).sorted().toList();
      if (!names.isEmpty()) {
        throw new BadInput(
            folder,
            "is in use: it holds '" + names.get(0) + "' and is not the folder of a suite",
            "Choose another --out");
      }
    } catch (IOException e) {
      throw new BadInput(folder, "is not a readable folder (" + e + ")", "Choose another --out", e);
    }
  }
}
