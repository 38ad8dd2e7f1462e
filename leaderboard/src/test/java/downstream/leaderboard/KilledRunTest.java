package downstream.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.cli.Main;
import downstream.leaderboard.Bench.Said;
import downstream.leaderboard.ledger.StoredRunFinder;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it makes runs: what it stored stays, and the next one goes on. */
class KilledRunTest {
  @TempDir private Path folder;

  private Process eval(Bench bench) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "eval",
            folder.resolve("good.onnx").toString(),
            "--task=spans",
            "--data=" + bench.data(),
            "--protocol=plain",
            "--seeds=2000",
            "--control=none",
            "--device=cpu",
            "--out=" + bench.runs())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Reads what the process says until it has stored so many runs, then SIGKILL. */
  private static void killAfter(Process process, int runs) throws Exception {
    try (BufferedReader said = process.errorReader(StandardCharsets.UTF_8)) {
      int stored = 0;
      while (stored < runs) {
        String line = said.readLine();
        assertThat(line).as("it goes on until it is killed").isNotNull();
        stored += line.contains(": stored: ") ? 1 : 0;
      }
      process.destroyForcibly();
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  @Test
  void folder_and_ledger_stay_readable_and_the_next_call_goes_on() throws Exception {
    Bench bench = Bench.in(folder);
    String board = folder.resolve("board").toString();
    int before = 0;
    for (int round = 1; round <= 2; round++) {
      killAfter(eval(bench), round);
      StoredRunFinder scan = StoredRunFinder.of(List.of(bench.runs()));
      assertThat(scan.leftOut()).isEmpty();
      assertThat(scan.runs()).hasSizeGreaterThanOrEqualTo(before + round);
      Said built =
          Bench.downstream("leaderboard", "build", bench.runs().toString(), "--out", board);
      assertThat(built.code()).as(built.err()).isZero();
      assertThat(built.err()).contains(scan.runs().size() - before + " new in the ledger");
      before = scan.runs().size();
    }
    bench.eval("good", 0, before + 2);
    assertThat(StoredRunFinder.of(List.of(bench.runs())).runs()).hasSize(before + 2);
    Said verified = Bench.downstream("leaderboard", "verify", "--board", board);
    assertThat(verified.code()).as(verified.err()).isZero();
  }
}
