package downstream.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.leaderboard.Bench.Said;
import downstream.leaderboard.ledger.StoredRunFinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishedClaimsTest {
  @TempDir private Path folder;

  private LeaderboardTable section() throws IOException {
    return LeaderboardTable.of(StoredRunFinder.of(List.of(folder.resolve("runs"))).results())
        .get(0);
  }

  private Said add(String... changes) {
    List<String> command = new ArrayList<>(List.of("leaderboard", "claims", "add"));
    command.addAll(List.of("--method", "byol", "--backbone", "ViT-S", "--pretraining", "scenes"));
    command.addAll(List.of("--task", "detection", "--metric", "AP", "--reported", "0.41"));
    command.addAll(List.of("--data", "cells/val", "--protocol", "fcos"));
    command.addAll(List.of("--paper", "Ours, 2026", "--table", "2", "--source", "preprint"));
    for (int i = 0; i < changes.length; i += 2) {
      command.set(command.indexOf(changes[i]) + 1, changes[i + 1]);
    }
    command.addAll(List.of("--board", folder.toString()));
    return Bench.downstream(command.toArray(new String[0]));
  }

  private String verdict() throws IOException {
    return PublishedClaims.with(folder.resolve(PublishedClaims.FILE))
        .comparisons(section())
        .stream()
        .filter(compared -> compared.source().startsWith("Ours, 2026"))
        .findFirst()
        .orElseThrow()
        .verdict();
  }

  private String data() throws IOException {
    return "cells/val@" + section().data8();
  }

  private String protocol() throws IOException {
    return "fcos@" + section().protocol12();
  }

  @Test
  void every_published_claim_is_read_and_none_has_a_verdict_without_digests() throws IOException {
    Runs.in(folder.resolve("runs")).store("byol", 0.4, 0.41, 0.42);
    PublishedClaims published = PublishedClaims.with(folder.resolve("none.csv"));
    assertThat(published.claims()).hasSizeGreaterThan(90);
    assertThat(published.comparisons(section()))
        .isNotEmpty()
        .allMatch(
            compared ->
                compared.verdict().equals("not measured here") && compared.measured().isEmpty());
  }

  @Test
  void claim_is_added_once_and_a_contradiction_is_refused() throws IOException {
    assertThat(add().code()).isZero();
    byte[] file = Files.readAllBytes(folder.resolve(PublishedClaims.FILE));
    assertThat(add().err()).contains("was listed before");
    Said other = add("--reported", "0.5");
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("has another value for byol on this metric: 0.41");
    assertThat(folder.resolve(PublishedClaims.FILE)).hasBinaryContent(file);
    assertThat(add("--metric", "AP50").code()).isZero();
    assertThat(Files.readAllLines(folder.resolve(PublishedClaims.FILE))).hasSize(3);
    assertThat(Bench.downstream("leaderboard", "claims", "--board", folder.toString()).out())
        .contains("Ours, 2026");
    String none = folder.resolve("none").toString();
    assertThat(Bench.downstream("leaderboard", "claims", "--board", none).err())
        .contains("none: no such folder");
  }

  @Test
  void a_file_with_an_open_quote_is_refused() throws IOException {
    Path file = folder.resolve(PublishedClaims.FILE);
    Files.writeString(file, String.join(",", PublishedClaim.COLUMNS) + "\nbyol,\"ViT-S\" x,a\n");
    assertThat(Bench.downstream("leaderboard", "claims", "--board", folder.toString()).err())
        .contains("claims.csv: is not CSV (", "Close every quoted value");
  }

  @Test
  void writers_wait_for_each_other() {
    IntStream.range(0, 40)
        .parallel()
        .forEach(
            i -> {
              try {
                PublishedClaims.add(folder, claim("table " + i));
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    assertThat(PublishedClaims.with(folder.resolve(PublishedClaims.FILE)).claims())
        .extracting(PublishedClaim::table)
        .containsAll(IntStream.range(0, 40).mapToObj(i -> "table " + i).toList());
  }

  private static PublishedClaim claim(String table) {
    List<String> values = new ArrayList<>(List.of("byol", "ViT-S", "scenes", "detection"));
    values.addAll(List.of("cells/val", "fcos", "AP", "0.41", "Ours", table, "preprint"));
    return PublishedClaim.of("a test", values);
  }

  @Test
  void what_can_name_no_section_is_refused() {
    assertThat(add("--data", "cells").err()).contains("--data: expected NAME/SPLIT");
    assertThat(add("--data", "cells/val@zz").err()).contains("found 'cells/val@zz'");
    assertThat(add("--protocol", "fcos@12").err()).contains("8 or more hexadecimal digits");
    assertThat(folder.resolve(PublishedClaims.FILE)).doesNotExist();
  }

  @Test
  void percentages_and_empty_fields_are_refused() {
    assertThat(add("--reported", "41").err()).contains("expected a fraction", "found '41'");
    assertThat(add("--source", " ").err()).contains("'source' is empty");
    assertThat(folder.resolve(PublishedClaims.FILE)).doesNotExist();
  }

  @Test
  void names_alone_are_no_proof_that_it_is_the_papers_protocol_or_data() throws IOException {
    Runs.in(folder.resolve("runs")).store("byol", 0.4, 0.41, 0.42);
    add();
    assertThat(verdict()).isEqualTo("not measured here");
  }

  @Test
  void data_or_protocol_of_another_digest_is_not_measured_here() throws IOException {
    Runs.in(folder.resolve("runs")).store("byol", 0.4, 0.41, 0.42);
    add("--data", data());
    assertThat(verdict()).isEqualTo("not measured here");
    Files.delete(folder.resolve(PublishedClaims.FILE));
    add("--protocol", protocol(), "--data", "cells/val@00000000");
    assertThat(verdict()).isEqualTo("not measured here");
  }

  @Test
  void with_both_digests_the_interval_decides() throws IOException {
    Runs.in(folder.resolve("runs")).store("byol", 0.4, 0.41, 0.42);
    add("--data", data(), "--protocol", protocol());
    assertThat(verdict()).isEqualTo("agrees within the interval");
    add("--data", data(), "--protocol", protocol(), "--reported", "0.8", "--table", "3");
    assertThat(
            PublishedClaims.with(folder.resolve(PublishedClaims.FILE))
                .comparisons(section())
                .stream()
                .filter(compared -> compared.reported() == 0.8)
                .map(PublishedClaims.ClaimComparison::verdict))
        .containsExactly("differs beyond the interval");
  }

  @Test
  void one_seed_cannot_say_and_another_method_is_not_meant() throws IOException {
    Runs.in(folder.resolve("runs")).store("byol", 0.4);
    add("--data", data(), "--protocol", protocol());
    assertThat(verdict()).isEqualTo("one seed: no interval");
    Files.delete(folder.resolve(PublishedClaims.FILE));
    add("--data", data(), "--protocol", protocol(), "--method", "mae");
    assertThat(verdict()).isEqualTo("not measured here");
  }
}
