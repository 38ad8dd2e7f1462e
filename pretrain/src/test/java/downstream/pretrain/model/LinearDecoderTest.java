package downstream.pretrain.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinearDecoderTest {
  @Test
  void loss_is_simmims_over_masked_pixels_and_three_channels() {
    int images = 2;
    int tokens = 3;
    int pixels = 4;
    Random random = new Random(1);
    float[] painted = new float[images * tokens * pixels * 3];
    float[] target = new float[painted.length];
    float[] masked = new float[painted.length];
    double sum = 0;
    double maskedPixels = 0;
    for (int i = 0; i < painted.length; i += 3) {
      boolean hidden = random.nextInt(3) == 0;
      maskedPixels += hidden ? 1 : 0;
      for (int c = i; c < i + 3; c++) {
        painted[c] = (float) random.nextGaussian();
        target[c] = (float) random.nextGaussian();
        masked[c] = hidden ? 1 : 0;
        sum += hidden ? Math.abs(painted[c] - target[c]) : 0;
      }
    }
    double expected = sum / (maskedPixels + 1e-5) / 3;
    try (NDManager manager = NDManager.newBaseManager()) {
      Shape shape = new Shape(images, tokens, 3L * pixels);
      NDArray loss =
          LinearDecoder.loss(
              manager.create(painted, shape),
              manager.create(target, shape),
              manager.create(masked, shape));
      assertThat(loss.getFloat()).isCloseTo((float) expected, within(1e-5f));
    }
  }
}
