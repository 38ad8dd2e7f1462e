package downstream.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.run.Result;
import downstream.eval.testing.SpansTask;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InstalledVersionsTest {
  private static InstalledVersions withEvaluator(String version) {
    return new InstalledVersions(Map.of("spans", new SpansTask(version)));
  }

  /** A run that evaluator 7 scored. */
  private static Result scored() throws IOException {
    ObjectNode tree = Json.MAPPER.valueToTree(Runs.of("spans", "1"));
    tree.putObject("evaluator")
        .put("version", "7")
        .put("self_test_digest", "")
        .put("largest_deviation", 0);
    return Json.MAPPER.treeToValue(tree, Result.class);
  }

  @Test
  void run_of_another_evaluator_is_stale() throws IOException {
    assertThat(withEvaluator("7").stale(scored())).isEmpty();
    assertThat(withEvaluator("8").stale(scored())).contains("stale: evaluator 7, now 8");
  }

  @Test
  void run_of_another_task_version_is_stale() throws IOException {
    assertThat(new InstalledVersions().stale(Runs.of("spans", "1"))).isEmpty();
    assertThat(new InstalledVersions().stale(Runs.of("spans", "0")))
        .contains("stale: task version 0, now 1");
  }

  @Test
  void run_from_before_its_task_had_a_self_test_is_not_stale() throws IOException {
    Result run = Runs.of("spans", "1");
    assertThat(run.evaluator()).isEmpty();
    assertThat(withEvaluator("7").stale(run)).isEmpty();
  }

  @Test
  void run_of_a_task_that_is_not_installed_is_not_stale() throws IOException {
    assertThat(new InstalledVersions(Map.of()).stale(scored())).isEmpty();
  }

  /**
   * Sections ask at the same time; a map without locks loses an answer once in some hundred rounds.
   */
  @Test
  void threads_that_ask_at_once_all_get_the_answer() throws IOException {
    Result run = scored();
    for (int round = 0; round < 2_000; round++) {
      InstalledVersions shared = withEvaluator("8");
      Stream<Optional<String>> answers =
          IntStream.range(0, 8).parallel().mapToObj(thread -> shared.stale(run));
      assertThat(answers).hasSize(8).allMatch(Optional::isPresent);
    }
  }
}
