package downstream.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SeedMeanTest {
  @Test
  void one_seed_has_a_mean_and_nothing_else() {
    SeedMean one = SeedMean.of(List.of(0.25));
    assertThat(one.mean()).contains(0.25);
    assertThat(one.deviation()).isEmpty();
    assertThat(one.interval()).isEmpty();
  }

  @Test
  void no_seed_has_no_mean() {
    assertThat(SeedMean.of(List.of()).mean()).isEmpty();
  }

  @Test
  void three_seeds_agree_with_the_table_of_students_t() {
    SeedMean three = SeedMean.of(List.of(0.1, 0.2, 0.3));
    assertThat(three.mean().orElseThrow()).isCloseTo(0.2, within(1e-15));
    assertThat(three.deviation().orElseThrow()).isCloseTo(0.1, within(1e-15));
    // t(0.975, 2) = 4.302653, half width = t · 0.1 / √3
    double half = 4.302652729911275 * 0.1 / Math.sqrt(3);
    assertThat(three.interval().orElseThrow().low()).isCloseTo(0.2 - half, within(1e-9));
    assertThat(three.interval().orElseThrow().high()).isCloseTo(0.2 + half, within(1e-9));
  }

  @Test
  void nothing_differs_from_a_single_seed() {
    SeedMean sure = SeedMean.of(List.of(0.5, 0.5, 0.5));
    SeedMean far = SeedMean.of(List.of(0.9, 0.9, 0.9));
    assertThat(sure.differsFrom(far)).isTrue();
    assertThat(sure.differsFrom(sure)).isFalse();
    assertThat(sure.differsFrom(SeedMean.of(List.of(0.9)))).isFalse();
  }
}
