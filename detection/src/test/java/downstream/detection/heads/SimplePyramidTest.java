package downstream.detection.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimplePyramidTest {
  @Test
  void levels_are_twice_as_fine_as_fine_and_coarser() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Engine.getInstance().setRandomSeed(1);
      SimplePyramid pyramid =
          new SimplePyramid(6, 8, List.of(2, 4, 8, 16, 32), 8, true, new Layers("group"));
      pyramid.initialize(manager, DataType.FLOAT32, new Shape(1, 6, 8, 8));
      NDArray map = manager.randomNormal(new Shape(2, 6, 8, 8));
      NDList levels = pyramid.forward(new ParameterStore(manager, false), new NDList(map), false);
      assertThat(levels.stream().map(NDArray::getShape))
          .containsExactly(
              new Shape(2, 8, 32, 32),
              new Shape(2, 8, 16, 16),
              new Shape(2, 8, 8, 8),
              new Shape(2, 8, 4, 4),
              new Shape(2, 8, 2, 2),
              new Shape(2, 8, 1, 1));
    }
  }

  @Test
  void spreading_puts_the_four_values_of_a_cell_into_a_square() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Doubling doubling = new Doubling(2, Layers.uniform());
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
