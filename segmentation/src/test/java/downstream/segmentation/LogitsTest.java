package downstream.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import downstream.segmentation.heads.Bilinear;
import downstream.segmentation.metrics.Given;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogitsTest {
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void enlarges_with_cell_centres_at_half_a_cell() {
    NDArray row = manager.create(new float[] {0, 1, 2, 3}, new Shape(1, 1, 1, 4));

    assertThat(Bilinear.resize(row, 1, 8).toFloatArray())
        .containsExactly(0, 0.25f, 0.75f, 1.25f, 1.75f, 2.25f, 2.75f, 3);
  }

  @Test
  void enlarges_as_a_slow_reference_does() {
    float[] values = random(2 * 3 * 4 * 5, 1);
    NDArray maps = manager.create(values, new Shape(2, 3, 4, 5));

    float[] enlarged = Bilinear.resize(maps, 11, 13).toFloatArray();

    for (int i = 0; i < enlarged.length; i++) {
      int plane = i / (11 * 13);
      double y = (i / 13 % 11 + 0.5) * 4 / 11 - 0.5;
      double x = (i % 13 + 0.5) * 5 / 13 - 0.5;
      assertThat((double) enlarged[i]).isEqualTo(bilinear(values, plane, y, x), within(1e-5));
    }
  }

  /** In a plane of 4 × 5 values. */
  private static double bilinear(float[] values, int plane, double y, double x) {
    double sum = 0;
    for (int row = 0; row < 4; row++) {
      for (int column = 0; column < 5; column++) {
        double dy = Math.abs(Math.min(3, Math.max(0, y)) - row);
        double dx = Math.abs(Math.min(4, Math.max(0, x)) - column);
        double weight = Math.max(0, 1 - dy) * Math.max(0, 1 - dx);
        sum += weight * values[plane * 20 + row * 5 + column];
      }
    }
    return sum;
  }

  @Test
  void cross_entropy_is_the_mean_over_valid_pixels() {
    float[] values = random(2 * 3 * 2 * 2, 2);
    byte[] labels = Given.bytes(0, 2, 255, 1, 255, 0, 1, 2);

    float loss =
        Logits.crossEntropy(manager.create(values, new Shape(2, 3, 2, 2)), labels).getFloat();

    assertThat((double) loss).isEqualTo(slowCrossEntropy(values, labels), within(1e-5));
  }

  @Test
  void cross_entropy_has_the_gradient_of_finite_differences() {
    float[] values = random(2 * 3 * 2 * 2, 3);
    byte[] labels = Given.bytes(0, 2, 255, 1, 255, 0, 1, 2);

    float[] gradient = gradient(values, labels);

    for (int i = 0; i < values.length; i++) {
      float[] up = values.clone();
      float[] down = values.clone();
      up[i] += 1e-3f;
      down[i] -= 1e-3f;
      double step = (double) up[i] - down[i];
      double slope = (slowCrossEntropy(up, labels) - slowCrossEntropy(down, labels)) / step;
      assertThat((double) gradient[i]).isEqualTo(slope, within(1e-4));
    }
  }

  @Test
  void an_image_without_a_valid_pixel_has_loss_0_and_no_gradient() {
    float[] values = random(2 * 3 * 2 * 2, 4);
    byte[] labels = Given.bytes(255, 255, 255, 255, 255, 255, 255, 255);

    NDArray loss = Logits.crossEntropy(manager.create(values, new Shape(2, 3, 2, 2)), labels);

    assertThat(loss.getFloat()).isZero();
    assertThat(gradient(values, labels)).containsOnly(0);
  }

  @Test
  void decides_for_the_largest_logit() {
    NDArray logits = manager.create(new float[] {1, 5, 2, 4, 3, 3}, new Shape(1, 3, 1, 2));

    assertThat(Logits.decide(logits)).containsExactly(2, 0);
  }

  private float[] gradient(float[] values, byte[] labels) {
    NDArray logits = manager.create(values, new Shape(2, 3, 2, 2));
    logits.setRequiresGradient(true);
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      collector.backward(Logits.crossEntropy(logits, labels));
    }
    return logits.getGradient().toFloatArray();
  }

  /** Of [2, 3, 2, 2] logits. */
  private static double slowCrossEntropy(float[] values, byte[] labels) {
    double sum = 0;
    int valid = 0;
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] != -1) {
        double normaliser = 0;
        for (int c = 0; c < 3; c++) {
          normaliser += Math.exp(values[i / 4 * 12 + c * 4 + i % 4]);
        }
        sum += Math.log(normaliser) - values[i / 4 * 12 + labels[i] * 4 + i % 4];
        valid++;
      }
    }
    return sum / valid;
  }

  private static float[] random(int length, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextDouble(-3, 3);
    }
    return values;
  }
}
