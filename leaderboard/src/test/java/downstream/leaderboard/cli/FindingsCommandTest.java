package downstream.leaderboard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.Json;
import downstream.leaderboard.Bench;
import downstream.leaderboard.Bench.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FindingsCommandTest {
  @TempDir private Path folder;

  private Said findings(Bench bench, String yaml, String... more) throws IOException {
    Path file = folder.resolve("comparisons.yaml");
    Files.writeString(file, yaml);
    List<String> command = new ArrayList<>(List.of("findings", file.toString()));
    command.addAll(List.of("--runs", bench.runs().toString(), "--bootstrap", "200"));
    command.addAll(List.of("--cache", folder.resolve("cache").toString()));
    command.addAll(Arrays.asList(more));
    return Bench.downstream(command.toArray(new String[0]));
  }

  @Test
  void each_comparison_is_a_sentence_with_its_command_and_corrected_p() throws IOException {
    Bench bench = Bench.in(folder).eval("good", 0, 5).eval("random", 0, 5);
    String yaml =
        """
        comparisons:
          - {a: good, b: random}
          - {a: random, b: good, images: true}
          - {a: good, b: good, paired: true, tasks: [spans]}
        """;
    Path page = folder.resolve("findings.md");
    Said said = findings(bench, yaml, "--page", page.toString());
    assertThat(said.code()).as(said.err()).isZero();
    List<String> lines = said.out().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0))
        .contains(": good is better than random (", "5 and 5 fine-tuning seeds", "p = 0.00794,");
    assertThat(lines.get(1)).contains("random is worse than good", "24 images");
    assertThat(lines.get(2))
        .contains("good is not shown to differ from good", "5 pairs of fine-tuning seeds");
    assertThat(page).content().contains("1. spans", "`downstream compare 'good' 'random' --runs");
    Path json = folder.resolve("findings.json");
    Files.writeString(json, findings(bench, yaml, "--format", "json").out());
    var rows = Json.read(json);
    assertThat(rows.at("/0/p_value").asDouble()).isEqualTo(2 / 252.0);
    // The largest of three p-values stays 1; the others are multiplied by what is left.
    assertThat(rows.at("/2/p_value_holm").asDouble()).isEqualTo(1);
    assertThat(rows.at("/0/p_value_holm").asDouble()).isIn(3 * 2 / 252.0, 2 * 2 / 252.0);
  }

  @Test
  void what_was_not_measured_is_said_and_the_rest_answered() throws IOException {
    Bench bench = Bench.in(folder).eval("good", 0, 2).eval("random", 0, 2);
    Said said =
        findings(
            bench,
            """
            comparisons:
              - {a: better, b: random}
              - {a: good, b: random, metrics: [AP95]}
              - {a: good, b: random, tasks: [detection]}
              - {a: good, b: random}
            """);
    assertThat(said.code()).isEqualTo(3);
    assertThat(said.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("not measured", "no stored run has this encoder"),
            line -> assertThat(line).contains("not measured, a run has no AP95"),
            line -> assertThat(line).contains("no run of one task, data set and protocol"),
            line -> assertThat(line).contains("good", "2 and 2 fine-tuning seeds"));
  }

  @Test
  void wrong_file_is_refused_with_its_place() throws IOException {
    Bench bench = Bench.in(folder).eval("good", 0, 1);
    assertThat(findings(bench, "comparisons: [{a: good, c: x}]").err())
        .contains("comparisons[0]", "'c'");
    assertThat(findings(bench, "comparisons: [{a: good}]").err()).contains("comparisons[0]", "b");
    assertThat(findings(bench, "comparison: []").err()).contains("'comparison'", "'comparisons'");
  }
}
