package downstream.detection.layers;

import static org.assertj.core.api.Assertions.assertThat;

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
          new SimplePyramid(
              6, 8, List.of(2, 4, 8, 16, 32), 8, true, new LayerFactory(NormType.GROUP));
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
}
