package downstream.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the real launcher with a {@code java} that prints its arguments. */
class LauncherTest {
  private static final Path LAUNCHER = Path.of("../launcher/downstream").toAbsolutePath();
  private static final String NO_OPTIMISING_COMPILER = "-XX:TieredStopAtLevel=1";
  private static final long LARGE = 201L << 20;

  @TempDir private Path folder;

  @BeforeEach
  void write_a_java_that_prints_its_arguments() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "the launcher is a bash script");
    assumeTrue(Files.exists(LAUNCHER), "runs in the repository, where the launcher is");
    Path java = Files.createDirectories(folder.resolve("home/bin")).resolve("java");
    Files.writeString(java, "#!/bin/bash\nprintf '%s\\n' \"$@\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
  }

  private List<String> java(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("/bin/bash", LAUNCHER.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    for (String options : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")) {
      builder.environment().remove(options);
    }
    builder.environment().put("JAVA_HOME", folder.resolve("home").toString());
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("ends in time").isTrue();
    assertThat(process.exitValue()).as(printed).isZero();
    return printed.lines().toList();
  }

  private List<String> java(String words) throws IOException, InterruptedException {
    return java(Map.of(), words.isEmpty() ? new String[0] : words.split(" "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--help",
        "--version",
        "pretrain mae --help",
        "ls --format json",
        "leaderboard build runs --out board",
        "leaderboard claims add",
        "leaderboard retract id",
        "gate runs",
        "gate record runs",
        "encoder inspect vit.onnx",
        "score detection --gt gt.json --predictions dt.json"
      })
  void short_commands_start_without_the_optimising_compiler(String words) throws Exception {
    assertThat(java(words)).contains(NO_OPTIMISING_COMPILER, "-XX:+UseSerialGC");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pretrain mae",
        "eval vit.onnx",
        "suite suite.yaml",
        "mine vit.onnx",
        "demo",
        "compare a b",
        "rescore run",
        "leaderboard verify board",
        "encoder bench vit.onnx",
        "encoder verify vit.onnx",
        "score segmentation --gt gt",
        "data check data.yaml"
      })
  void long_commands_keep_it(String words) throws Exception {
    assertThat(java(words))
        .doesNotContain(NO_OPTIMISING_COMPILER)
        .contains("-XX:+UseParallelGC", "-XX:MaxRAMPercentage=40");
  }

  @Test
  void scoring_a_large_file_keeps_it() throws Exception {
    try (RandomAccessFile large =
        new RandomAccessFile(folder.resolve("large.json").toFile(), "rw")) {
      large.setLength(LARGE);
    }
    assertThat(java("score detection --gt gt.json --predictions large.json"))
        .doesNotContain(NO_OPTIMISING_COMPILER);
    assertThat(java("score detection --gt gt.json --predictions=large.json"))
        .doesNotContain(NO_OPTIMISING_COMPILER);
  }

  @Test
  void java_options_of_the_user_win() throws Exception {
    assertThat(java(Map.of("JAVA_TOOL_OPTIONS", "-XX:+UseG1GC -Xmx1g"), "ls"))
        .contains(NO_OPTIMISING_COMPILER)
        .noneMatch(flag -> flag.endsWith("GC") || flag.contains("MaxRAMPercentage"));
    assertThat(java(Map.of("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=4"), "ls"))
        .contains("-XX:+UseSerialGC")
        .doesNotContain(NO_OPTIMISING_COMPILER);
  }
}
