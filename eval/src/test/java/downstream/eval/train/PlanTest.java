package downstream.eval.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import org.junit.jupiter.api.Test;

class PlanTest {
  /** MAE's recipe, one step an epoch: 2.4e-3, warm-up 40 of 800. */
  private static final Plan MAE = new Plan(800, 4096, 2.4e-3, 0.05, 0.9, 0.95, 0.05, 0, 0, 1, 1);

  @Test
  void rate_rises_linearly_and_falls_along_a_cosine() {
    assertThat(MAE.rateAt(0)).isZero();
    assertThat(MAE.rateAt(20)).isCloseTo(0.0012, offset(1e-12));
    assertThat(MAE.rateAt(40)).isCloseTo(0.0024, offset(1e-12));
    assertThat(MAE.rateAt(420)).isCloseTo(0.0012, offset(1e-12));
    assertThat(MAE.rateAt(800)).isCloseTo(0, offset(1e-12));
  }
}
