package downstream.leaderboard.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BaselineTest {
  private static void refuses(
      String message, Baseline.Tier tier, Optional<Double> tolerance, double... values) {
    assertThatThrownBy(() -> Given.baseline(tier, true, tolerance, values))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("baseline row/AP")
        .hasMessageContaining(message);
  }

  @Test
  void refuses_no_values_and_values_that_are_not_finite() {
    refuses("one finite value or more", Baseline.Tier.TRAINING, Optional.of(0.1));
    refuses("one finite value or more", Baseline.Tier.TRAINING, Optional.empty(), 0.5, Double.NaN);
    refuses(
        "one finite value or more",
        Baseline.Tier.TRAINING,
        Optional.empty(),
        0.5,
        Double.POSITIVE_INFINITY);
  }

  @Test
  void refuses_a_replay_of_two_seeds() {
    refuses("a replay has one seed", Baseline.Tier.REPLAY, Optional.empty(), 0.5, 0.5);
    assertThatThrownBy(() -> Given.replay(List.of(0L, 1L), List.of(0.5)))
        .hasMessageContaining("a replay has one seed");
    assertThatThrownBy(() -> Given.replay(List.of(0L), List.of(0.5, 0.5)))
        .hasMessageContaining("a replay has one seed");
  }

  @Test
  void refuses_a_training_of_one_seed_without_a_tolerance() {
    refuses("one seed has no spread", Baseline.Tier.TRAINING, Optional.empty(), 0.5);
    assertThat(Given.training(Optional.of(0.1), 0.5).values()).containsExactly(0.5);
    assertThat(Given.training(Optional.empty(), 0.5, 0.6).values()).hasSize(2);
  }

  @Test
  void refuses_a_tolerance_that_bounds_nothing_and_takes_zero() {
    for (double tolerance : new double[] {-1e-12, Double.NaN, Double.POSITIVE_INFINITY}) {
      refuses("a finite tolerance", Baseline.Tier.TRAINING, Optional.of(tolerance), 0.5);
    }
    assertThat(Given.training(Optional.of(0.0), 0.5).tolerance()).contains(0.0);
  }
}
