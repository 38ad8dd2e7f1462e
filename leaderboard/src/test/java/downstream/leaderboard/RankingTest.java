package downstream.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.leaderboard.ledger.StoredRunFinder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RankingTest {
  @TempDir private Path folder;

  private Ranking ranking(String metric) throws IOException {
    return LeaderboardTable.of(StoredRunFinder.of(List.of(folder)).results())
        .get(0)
        .ranking(metric);
  }

  private static List<String> shown(Ranking ranking) {
    return ranking.places().stream()
        .map(place -> place.rank().orElse("-") + " " + place.row().encoder())
        .toList();
  }

  @Test
  void rows_that_cannot_be_told_apart_share_a_range() throws IOException {
    Runs.in(folder)
        .store("mae", 0.500, 0.501, 0.502)
        .store("byol", 0.499, 0.501, 0.503)
        .store("random", 0.100, 0.101, 0.102);
    assertThat(shown(ranking("AP"))).containsExactly("1-2 byol", "1-2 mae", "3 random");
  }

  @Test
  void single_seeds_can_be_told_from_nothing() throws IOException {
    Runs.in(folder).store("mae", 0.5).store("random", 0.1);
    assertThat(shown(ranking("AP"))).containsExactly("1-2 mae", "1-2 random");
  }

  @Test
  void lower_is_better_where_the_task_says_so() throws IOException {
    Runs.in(folder).store("mae", 0.7, 0.7).store("random", 0.1, 0.1);
    assertThat(shown(ranking("error"))).containsExactly("1 mae", "2 random");
  }

  @Test
  void sorts_on_unrounded_values() throws IOException {
    Runs.in(folder).store("a", 0.123456780).store("b", 0.123456789);
    assertThat(ranking("AP").places())
        .extracting(place -> place.row().encoder())
        .containsExactly("b", "a");
  }

  @Test
  void delta_is_against_the_random_init_control() throws IOException {
    Runs.in(folder).store("mae", 0.5).store("random", 0.125);
    assertThat(ranking("AP").places())
        .extracting(Ranking.Place::delta)
        .containsExactly(Optional.of(0.375), Optional.of(0.0));
  }

  @Test
  void delta_is_against_the_control_of_the_same_architecture() throws IOException {
    Runs vit = Runs.in(folder).architecture("vit");
    Runs resnet = Runs.in(folder).architecture("resnet");
    vit.store("mae", 0.5).store("random", 0.125);
    resnet.store("byol", 0.5).store("randomised", 0.25);
    Runs.in(folder).architecture("swin").store("lonely", 0.4);
    assertThat(ranking("AP").places())
        .extracting(place -> place.row().encoder() + " " + place.delta().orElse(Double.NaN))
        .containsExactly("byol 0.25", "mae 0.375", "lonely NaN", "randomised 0.0", "random 0.0");
  }

  @Test
  void not_better_than_its_own_control_is_marked() throws IOException {
    Runs.in(folder)
        .architecture("vit")
        .store("mae", 0.50, 0.51)
        .store("random", 0.50, 0.51)
        .architecture("resnet")
        .store("byol", 0.30, 0.31)
        .store("randomised", 0.10, 0.11)
        .architecture("swin")
        .store("lonely", 0.9, 0.9);
    LeaderboardTable section =
        LeaderboardTable.of(StoredRunFinder.of(List.of(folder)).results()).get(0);
    assertThat(section.rows())
        .extracting(
            row ->
                row.encoder()
                    + ": "
                    + String.join(", ", RowCaveats.of(section, row, Optional.empty())))
        .containsExactlyInAnyOrder(
            "mae: self-reported, not better than random init",
            "random: self-reported, control",
            "randomised: self-reported, control",
            "lonely: self-reported, no control",
            "byol: self-reported");
  }

  @Test
  void p_is_the_permutation_test_against_the_control_corrected_for_the_rows() throws IOException {
    Runs.in(folder)
        .store("mae", 0.5, 0.6, 0.7)
        .store("byol", 0.1, 0.2, 0.3)
        .store("random", 0.1, 0.2, 0.3);
    // 2 of 20 ways, twice for two rows; and equal means.
    assertThat(ranking("AP").places())
        .extracting(Ranking.Place::p)
        .containsExactly(Optional.of(0.2), Optional.of(1.0), Optional.empty());
  }

  @Test
  void without_a_control_there_is_no_delta() throws IOException {
    Runs.in(folder).store("mae", 0.5);
    assertThat(ranking("AP").places().get(0).delta()).isEmpty();
  }

  @Test
  void metric_that_could_not_be_computed_has_no_rank() throws IOException {
    Runs.in(folder).store("mae", 0.5).store("byol", 0, Optional.empty());
    assertThat(shown(ranking("AP"))).containsExactly("1 mae", "- byol");
  }
}
