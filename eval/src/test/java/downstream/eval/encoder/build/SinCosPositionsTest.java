package downstream.eval.encoder.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import org.junit.jupiter.api.Test;

class SinCosPositionsTest {
  @Test
  void column_comes_first_then_row() {
    float[] table = SinCosPositions.table(3, 8);
    double[] expected = {.841471, .01, .540302, .99995, .909297, .019999, -.416147, .9998};
    for (int i = 0; i < 8; i++) {
      assertThat((double) table[(2 * 3 + 1) * 8 + i]).isCloseTo(expected[i], offset(1e-6));
    }
  }
}
