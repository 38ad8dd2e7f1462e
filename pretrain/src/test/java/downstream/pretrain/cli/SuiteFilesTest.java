package downstream.pretrain.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The suites of the repository name methods and settings that exist. */
class SuiteFilesTest {
  @TempDir private Path folder;

  /** Those that need no data of their own: with data a dry run measures the pretrainings, too. */
  static List<Path> suites() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("../suites"))) {
      return files
          .filter(file -> !file.toString().matches(".*(headroom|transfer)\\.yaml"))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("suites")
  void pretrainings_of_a_suite_resolve(Path suite) throws IOException {
    Path pairs = Files.writeString(folder.resolve("pairs.jsonl"), "");
    // This module's class path holds no task that comparisons could be about.
    String encoders =
        Files.readString(suite)
            .replaceFirst("(?s)\ncomparisons:.*", "\n")
            .replaceFirst("(?m)^  pairs:.*$", "  pairs: " + pairs);
    Path file = Files.writeString(folder.resolve("suite.yaml"), encoders);
    String out = folder.resolve("out").toString();

    String said =
        CommandRun.output("suite", file.toString(), "--out", out, "--encoders-only", "--dry-run");

    assertThat(said).contains("nothing was run");
  }
}
