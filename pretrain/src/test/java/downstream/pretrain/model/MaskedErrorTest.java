package downstream.pretrain.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

class MaskedErrorTest {
  @Test
  void errors_are_means_over_the_masked_values_alone() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Shape shape = new Shape(1, 2, 2);
      NDArray predicted = manager.create(new float[] {1, 2, 3, -4}, shape);
      NDArray target = manager.create(new float[] {0, 9, 9, 0}, shape);
      NDArray mask = manager.create(new float[] {1, 0, 0, 1}, shape);
      assertThat(MaskedError.SQUARED.of(predicted, target, mask).getFloat())
          .isCloseTo((1 + 16) / 2f, within(1e-5f));
      assertThat(MaskedError.ABSOLUTE.of(predicted, target, mask).getFloat())
          .isCloseTo((1 + 4) / 2f, within(1e-4f)); // SimMIM adds 3e-5 to the count
      assertThat(MaskedError.SQUARED.of(predicted, target, mask.mul(0)).getFloat()).isZero();
    }
  }
}
