package downstream.eval.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.initializer.XavierInitializer;
import org.junit.jupiter.api.Test;

class TransposedConvolution2xTest {
  @Test
  void spreading_puts_the_four_values_of_a_cell_into_a_square() {
    try (NDManager manager = NDManager.newBaseManager()) {
      TransposedConvolution2x doubling =
          new TransposedConvolution2x(2, true, new XavierInitializer());
      float[] values = new float[2 * 4 * 2 * 3];
      for (int i = 0; i < values.length; i++) {
        values[i] = i;
      }
      // Channel (c, i, j) of cell (y, x) belongs at (2y + i, 2x + j) of channel c.
      NDArray spread = doubling.spread(manager.create(values, new Shape(1, 8, 2, 3)));
      assertThat(spread.getShape()).isEqualTo(new Shape(1, 2, 4, 6));
      for (int c = 0; c < 2; c++) {
        for (int row = 0; row < 4; row++) {
          for (int column = 0; column < 6; column++) {
            int channel = c * 4 + row % 2 * 2 + column % 2;
            float known = values[(channel * 2 + row / 2) * 3 + column / 2];
            assertThat(spread.getFloat(0, c, row, column)).isCloseTo(known, within(0f));
          }
        }
      }
    }
  }
}
