package downstream.eval.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import downstream.eval.Json;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuiteResolverTest {
  private static final Path OUT = Path.of("out");

  private static Suite suite(int seeds, int firstSeed, int stage1Seeds) {
    String yaml =
        """
        data: {scenes: {scenes: {images: 2, val: 1, size: 32, seed: 0}}}
        encoders:
          first: {pretrain: forgetful, images: [scenes], seeds: %d}
          second: {pretrain: forgetful, images: [scenes], stage1: first, seeds: %d, firstSeed: %d}
        evaluations: []
        """
            .formatted(stage1Seeds, seeds, firstSeed);
    return SuiteResolver.of(
        SuiteFile.of("grid.yaml", Json.parseYaml("grid.yaml", yaml), List.of()), OUT, false);
  }

  private static Suite comparing(String a, String b) {
    String yaml =
        """
        data: {scenes: {scenes: {images: 2, val: 1, size: 32, seed: 0}}}
        encoders:
          mine: {file: %s}
          other: {pretrain: forgetful, images: [scenes], seeds: 2}
        %s
        evaluations: []
        comparisons: [{a: '%s', b: '%s'}]
        """
            .formatted(
                "pom.xml", b.equals("other-wise") ? "  other-wise: {file: pom.xml}" : "", a, b);
    return SuiteResolver.of(
        SuiteFile.of("grid.yaml", Json.parseYaml("grid.yaml", yaml), List.of()), OUT, false);
  }

  /** The encoder that a pretraining starts from. */
  private static String stage1(Suite suite, String name) {
    PrepareStep step =
        suite.preparations().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
    int option = step.command().indexOf("--stage1");
    Path encoder = Path.of(step.command().get(option + 1));
    String folder = OUT.relativize(encoder).getName(0).toString();
    assertThat(step.needs()).contains(folder);
    return folder;
  }

  @Test
  void each_seed_starts_from_the_copy_of_its_own_seed() {
    Suite suite = suite(3, 0, 3);
    assertThat(stage1(suite, "second-0")).isEqualTo("first-0");
    assertThat(stage1(suite, "second-2")).isEqualTo("first-2");
    assertThat(stage1(suite(1, 1, 2), "second")).isEqualTo("first-1");
  }

  @Test
  void all_seeds_start_from_the_only_copy() {
    Suite suite = suite(2, 0, 1);
    assertThat(stage1(suite, "second-0")).isEqualTo("first");
    assertThat(stage1(suite, "second-1")).isEqualTo("first");
  }

  @Test
  void seed_without_a_copy_is_refused() {
    assertThatThrownBy(() -> suite(3, 0, 2))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("encoders.second: stage1")
        .hasMessageContaining("'first' has no seed 2, only [first-0, first-1]");
  }

  @Test
  void encoder_has_its_name_in_the_suite_on_the_leaderboard() {
    Suite suite = suite(2, 0, 1);
    assertThat(suite.encoder("second-1")).isEqualTo(OUT.resolve("second-1/second-1.onnx"));
    assertThat(suite.preparations().get(2).command()).containsSequence("--name", "second-0");
  }

  @Test
  void sides_of_a_comparison_get_the_names_of_runs() {
    PlannedComparison planned = comparing("other", "mine").comparisons().get(0);
    assertThat(planned.a()).as("all seeds").isEqualTo("other-*");
    assertThat(planned.b()).as("the file's name").isEqualTo("pom.xml");
    PlannedComparison one = comparing("other-1", "method:mae").comparisons().get(0);
    assertThat(one.a()).as("one of the seeds").isEqualTo("other-1");
    assertThat(one.b()).isEqualTo("method:mae");
  }

  @Test
  void comparison_of_an_unknown_encoder_is_refused() {
    for (String wrong : List.of("othre", "other-2", "mine-*")) {
      assertThatThrownBy(() -> comparing(wrong, "mine"))
          .isInstanceOf(BadInput.class)
          .hasMessageContaining("grid.yaml: comparisons[0]")
          .hasMessageContaining(wrong);
    }
  }

  @Test
  void seeds_are_not_mixed_with_encoders_of_a_longer_name() {
    assertThatThrownBy(() -> comparing("other", "other-wise"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("[other-wise] would be taken for more of them");
  }
}
