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

class CompareCommandTest {
  @TempDir private Path folder;

  private Said compare(Bench bench, String a, String b, String... more) {
    List<String> command = new ArrayList<>(List.of("compare", a, b));
    command.addAll(List.of("--runs", bench.runs().toString(), "--bootstrap", "200"));
    command.addAll(List.of("--cache", folder.resolve("cache").toString()));
    command.addAll(Arrays.asList(more));
    return Bench.downstream(command.toArray(new String[0]));
  }

  @Test
  void seeds_and_images_each_have_a_row() throws IOException {
    Bench bench = Bench.in(folder).eval("good", 0, 5).eval("random", 0, 5);
    Said said = compare(bench, "good", "random", "--format", "json");
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.out())
        .as("keys in snake_case")
        .doesNotContainPattern("\"(?!m[A-Z]|aAcc|fwIoU|mask[A-Z])[a-z]\\w*[A-Z]\\w*\" ?:");
    Path file = folder.resolve("compare.json");
    Files.writeString(file, said.out());
    var rows = Json.read(file);
    assertThat(rows).hasSize(2);
    assertThat(rows.at("/0/unit").asText()).isEqualTo("fine-tuning seed");
    assertThat(rows.at("/0/n_a").asInt()).isEqualTo(5);
    // All five above all five: 2 of 252 ways.
    assertThat(rows.at("/0/p_value").asDouble()).isEqualTo(2 / 252.0);
    assertThat(rows.at("/0/p_value_holm").asDouble())
        .isGreaterThan(rows.at("/0/p_value").asDouble());
    assertThat(rows.at("/0/smallest_shown").asDouble()).isPositive();
    assertThat(rows.at("/1/unit").asText()).isEqualTo("image");
    assertThat(rows.at("/1/n_a").asInt()).isEqualTo(24);
    assertThat(rows.at("/1/difference").asDouble()).isEqualTo(rows.at("/0/difference").asDouble());
    assertThat(rows.at("/1/ci_low").asDouble()).isPositive();
    // The same again comes out of the cache.
    assertThat(folder.resolve("cache").toFile().list()).hasSize(10);
    assertThat(compare(bench, "good", "random", "--format", "json").out()).isEqualTo(said.out());
    assertThat(compare(bench, "good", "random").out())
        .contains("spans  ")
        .contains("none is small");
  }

  @Test
  void too_few_seeds_are_told_so() throws IOException {
    Bench bench = Bench.in(folder).eval("good", 0, 2).eval("random", 0, 2);
    assertThat(compare(bench, "good", "random").out())
        .contains("p cannot be below 0.333 with so few seeds");
  }

  @Test
  void other_protocols_are_refused_with_the_fields_that_differ_unless_told_to() throws IOException {
    Bench bench = Bench.in(folder).eval("good", 0, 2);
    bench.eval("fair", 0, 2, "--set", "suppressionIou=0.7");
    Said said = compare(bench, "good", "fair");
    assertThat(said.code()).isEqualTo(2);
    assertThat(said.err()).containsPattern("spans suppressionIou +0.5 +0.7").contains("--across");
    assertThat(said.err()).doesNotContain("labelSeed");
    Said across = compare(bench, "good", "fair", "--across");
    assertThat(across.code()).as(across.err()).isZero();
    assertThat(across.out()).contains("protocol fields that differ").contains("suppressionIou");
  }

  @Test
  void method_pools_its_encoders_and_replicates_pretraining() throws IOException {
    Bench bench = Bench.in(folder).eval("good", 0, 2).eval("random", 0, 2);
    Said said = compare(bench, "method:good", "method:random");
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.out()).contains("pretraining seed");
  }

  @Test
  void pairs_are_of_equal_seeds() throws IOException {
    Bench bench = Bench.in(folder).eval("good", 0, 5).eval("random", 0, 5);
    Said said = compare(bench, "good", "random", "--paired");
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.out())
        .contains("pair of fine-tuning seeds")
        .contains("p cannot be below 0.063");
    Said pooled = compare(bench, "go*", "r*m", "--paired");
    assertThat(pooled.code()).as(pooled.err()).isZero();
    assertThat(pooled.out()).contains("pair of pretraining seeds");
  }

  @Test
  void seed_without_a_partner_is_refused() throws IOException {
    Bench bench = Bench.in(folder).eval("good", 0, 3).eval("random", 1, 2);
    Said said = compare(bench, "good", "random", "--paired");
    assertThat(said.code()).isEqualTo(2);
    assertThat(said.err()).contains("[0, 1, 2]").contains("[1, 2]");
    // Two pretrainings of one seed on one side.
    assertThat(compare(bench, "*", "*", "--paired").err()).contains("pretrained with seed 0");
  }

  @Test
  void blocks_take_their_names_from_the_data() throws IOException {
    Bench bench = Bench.in(folder).eval("good", 0, 2).eval("random", 0, 2);
    Said said = compare(bench, "good", "random", "--block", "p(.)");
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.out()).contains("block of images");
    assertThat(compare(bench, "good", "random", "--block", "x(.)").code()).isEqualTo(2);
  }

  @Test
  void unknown_encoder_is_bad_input_and_missing_metric_not_measured() throws IOException {
    Bench bench = Bench.in(folder).eval("good", 0, 1).eval("random", 0, 1);
    assertThat(compare(bench, "good", "none").code()).isEqualTo(2);
    assertThat(compare(bench, "good", "random", "--metric", "AP95").code()).isEqualTo(3);
  }
}
