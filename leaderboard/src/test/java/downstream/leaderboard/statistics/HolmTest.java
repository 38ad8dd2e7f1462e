package downstream.leaderboard.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class HolmTest {
  /** By hand: 5·0.01, 4·0.02, 3·0.03, 2·0.04, 1·0.05, made non-decreasing. */
  @Test
  void five_values_by_hand() {
    List<Double> adjusted = Holm.adjust(List.of(0.01, 0.02, 0.03, 0.04, 0.05));
    double[] expected = {0.05, 0.08, 0.09, 0.09, 0.09};
    for (int i = 0; i < expected.length; i++) {
      assertThat(adjusted.get(i)).isCloseTo(expected[i], within(1e-15));
    }
  }

  @Test
  void order_is_kept_and_nothing_passes_one() {
    assertThat(Holm.adjust(List.of(0.9, 0.02, 0.6))).containsExactly(1.0, 0.06, 1.0);
  }

  @Test
  void one_value_stays_as_it_is() {
    assertThat(Holm.adjust(List.of(0.3))).containsExactly(0.3);
    assertThat(Holm.adjust(List.of())).isEmpty();
  }
}
