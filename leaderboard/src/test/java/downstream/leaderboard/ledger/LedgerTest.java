package downstream.leaderboard.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
  @TempDir private Path folder;
  private Ledger ledger = Ledger.in(Path.of(""), Clock.systemUTC());

  @BeforeEach
  void enter_five_runs() throws IOException {
    ledger = Ledger.in(folder, Clock.systemUTC());
    for (int i = 1; i <= 5; i++) {
      ledger.append(List.of(LedgerEntry.run("run" + i, "runs/run-" + i + ".json", "ab")));
    }
  }

  private Path file() {
    return folder.resolve("ledger.jsonl");
  }

  private List<String> lines() throws IOException {
    return new ArrayList<>(Files.readAllLines(file()));
  }

  private void theOnlyFaultSays(List<String> lines, String fault) throws IOException {
    Files.write(file(), lines);
    assertThat(ledger.read().faults()).singleElement().asString().contains(fault);
  }

  @Test
  void lines_hold_together() throws IOException {
    LedgerText text = ledger.read();
    assertThat(text.faults()).isEmpty();
    assertThat(text.statuses().keySet()).containsExactly("run1", "run2", "run3", "run4", "run5");
    assertThat(text.headDigest()).isEqualTo(LedgerLine.digest(lines().get(4)));
  }

  @Test
  void changed_line_is_named() throws IOException {
    List<String> lines = lines();
    lines.set(2, lines.get(2).replace("\"ab\"", "\"ac\""));
    theOnlyFaultSays(lines, "line 3 was changed");
  }

  @Test
  void changed_last_line_is_named() throws IOException {
    List<String> lines = lines();
    lines.set(4, lines.get(4).replace("\"ab\"", "\"ac\""));
    theOnlyFaultSays(lines, "line 5 was changed");
  }

  @Test
  void lines_that_were_cut_off_are_missed() throws IOException {
    theOnlyFaultSays(lines().subList(0, 3), "5 were written, 3 are left");
  }

  @Test
  void dropped_line_is_named() throws IOException {
    List<String> lines = lines();
    lines.remove(1);
    Files.write(file(), lines);
    assertThat(ledger.read().faults().get(0)).contains("line 2 has number 3");
  }

  @Test
  void exchanged_lines_are_named() throws IOException {
    List<String> lines = lines();
    Collections.swap(lines, 1, 3);
    Files.write(file(), lines);
    assertThat(ledger.read().faults())
        .anyMatch(fault -> fault.contains("line 2 has number 4"))
        .anyMatch(fault -> fault.contains("line 4 has number 2"));
  }

  @Test
  void line_that_is_none_is_named() throws IOException {
    List<String> lines = lines();
    lines.set(1, "{}");
    Files.write(file(), lines);
    assertThat(ledger.read().faults().get(0)).isEqualTo("line 2 is not a line of a ledger");
  }

  @Test
  void nothing_is_appended_to_a_broken_chain() throws IOException {
    List<String> lines = lines();
    lines.remove(0);
    Files.write(file(), lines);
    assertThatThrownBy(() -> ledger.append(List.of(LedgerEntry.verified("run2"))))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("line 1 has number 2");
    assertThat(lines()).isEqualTo(lines);
  }

  @Test
  void what_a_killed_writer_left_is_passed_over_and_then_removed() throws IOException {
    String whole = Files.readString(file());
    String next = lines().get(4);
    for (int cut = 1; cut < next.length(); cut += 17) {
      Files.writeString(file(), whole + next.substring(0, cut));
      assertThat(ledger.read().faults()).isEmpty();
      assertThat(ledger.read().lines()).hasSize(5);
    }
    ledger.append(List.of(LedgerEntry.retracted("run3", "leaked")));
    assertThat(ledger.read().faults()).isEmpty();
    assertThat(ledger.read().lines()).hasSize(6);
    assertThat(ledger.read().statuses().get("run3"))
        .extracting(RunStatus::retracted)
        .isEqualTo(java.util.Optional.of("leaked"));
  }

  private Process appender(String name, int count) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Appender.class.getName(),
            folder.toString(),
            name,
            Integer.toString(count))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  @Test
  void two_processes_lose_no_line() throws Exception {
    Process a = appender("a", 500);
    Process b = appender("b", 500);
    a.getInputStream().readAllBytes();
    b.getInputStream().readAllBytes();
    assertThat(a.waitFor()).isZero();
    assertThat(b.waitFor()).isZero();
    LedgerText text = ledger.read();
    assertThat(text.faults()).isEmpty();
    Set<String> expected = new TreeSet<>();
    for (int i = 0; i < 500; i++) {
      expected.addAll(List.of("a-" + i, "b-" + i));
    }
    assertThat(text.statuses().keySet()).containsAll(expected).hasSize(1005);
  }

  @Test
  void killed_writers_leave_a_ledger_that_reads_and_goes_on() throws Exception {
    for (int round = 0; round < 5; round++) {
      Process process = appender("k" + round, 100_000);
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      int acknowledged = 0;
      for (int i = 0; i < 10 + 7 * round; i++) {
        assertThat(out.readLine()).isNotNull();
        acknowledged++;
      }
      // SIGKILL: no shutdown hook runs.
      process.destroyForcibly();
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      LedgerText text = ledger.read();
      assertThat(text.faults()).isEmpty();
      for (int i = 0; i < acknowledged; i++) {
        assertThat(text.statuses()).containsKey("k" + round + "-" + i);
      }
      ledger.append(List.of(LedgerEntry.run("after" + round, "after.json", "")));
      assertThat(ledger.read().faults()).isEmpty();
    }
  }
}
