package downstream.leaderboard.assertions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.run.Result;
import downstream.eval.run.ResultFile;
import downstream.leaderboard.Bench;
import downstream.leaderboard.gate.Baseline;
import downstream.leaderboard.gate.Baselines;
import downstream.leaderboard.ledger.StoredRunFinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunAssertionsTest {
  @TempDir private Path folder;
  private List<Result> runs = List.of();
  private Path file = Path.of("");
  private Path baselines = Path.of("");

  @BeforeEach
  void record_three_runs() throws IOException {
    Bench bench = Bench.in(folder).eval("fair", 0, 3);
    runs = StoredRunFinder.of(List.of(bench.runs())).results();
    file = bench.run("fair", 1);
    baselines = folder.resolve("baselines.yaml");
    String dir = bench.runs().toString();
    assertThat(
            Bench.downstream("gate", "record", "--runs", dir, "--baseline", baselines.toString())
                .code())
        .isZero();
  }

  private Baseline baseline() {
    return Baselines.read(baselines).baselines().get(0);
  }

  /** The text between the two lines is the example of docs/guide/ci.md. */
  @Test
  void example_of_the_documentation() {
    Path runFile = file;
    Path baselineFile = baselines;
    String id = baseline().id();
    // example begins
    Result run = ResultFile.read(runFile);
    Baseline baseline = Baselines.read(baselineFile).named(id);
    RunAssertions.assertThat(run).metric("AP").isAtLeast(0.2).hasNotDriftedFrom(baseline);
    // example ends
    assertThat(run.metrics()).containsKey("AP");
  }

  @Test
  void documentation_has_the_example() throws IOException {
    Path page = Path.of("../docs/guide/ci.md");
    Path source = Path.of("src/test/java/downstream/leaderboard/assertions/RunAssertionsTest.java");
    org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(page), "runs in the repository");
    String text = Files.readString(source);
    String example =
        text.substring(text.indexOf("// example begins\n") + 18, text.indexOf("// example ends"));
    assertThat(example.lines().toList()).hasSizeGreaterThan(2);
    String documented = Files.readString(page);
    example
        .lines()
        .filter(line -> !line.isBlank())
        .forEach(line -> assertThat(documented).contains(line.strip()));
  }

  @Test
  void held_and_drifted() {
    RunAssertions.assertThat(runs).areComplete().metric("AP").hasNotDriftedFrom(baseline());
    Baseline b = baseline();
    Baseline higher =
        new Baseline(
            b.id(),
            b.tier(),
            b.encoder(),
            b.encoderDigest(),
            b.task(),
            b.split(),
            b.protocol(),
            b.data(),
            b.metric(),
            b.higherIsBetter(),
            b.seeds(),
            List.of(0.9, 0.91),
            b.tolerance(),
            b.setOn(),
            b.setBy(),
            b.why());
    assertThatThrownBy(() -> RunAssertions.assertThat(runs).metric("AP").hasNotDriftedFrom(higher))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("AP is worse: expected 0.905");
  }

  @Test
  void what_cannot_be_compared_fails() {
    assertThatThrownBy(() -> RunAssertions.assertThat(runs).metric("AP50"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("to have a finite AP50");
    assertThatThrownBy(() -> RunAssertions.assertThat(List.<Result>of()).metric("AP"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("a guard must see something");
    assertThatThrownBy(
            () -> RunAssertions.assertThat(runs).metric("miss").hasNotDriftedFrom(baseline()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("a baseline of miss");
    assertThatThrownBy(() -> RunAssertions.assertThat(runs).metric("AP").isAtLeast(0.99))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> RunAssertions.assertThat(runs).metric("AP").isAtMost(0.01))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void changed_file_fails() throws IOException {
    RunAssertions.assertThatRun(file).metric("AP").isAtMost(1);
    Files.writeString(file.resolveSibling("run-1/predictions.json"), "{}");
    assertThatThrownBy(() -> RunAssertions.assertThatRun(file))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("predictions.json does not match its digest");
  }
}
