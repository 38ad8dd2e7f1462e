package downstream.detection.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GroupNormTest {
  private static final int N = 2;
  private static final int C = 4;
  private static final int SIZE = 6;
  private static final int GROUPS = 2;
  private static final Shape SHAPE = new Shape(N, C, 2, 3);

  private final double[] input = new Random(4).doubles(N * C * SIZE, -2, 3).toArray();
  private final double[] scale = {1, 2, 0.5, -1};
  private final double[] offset = {0, 1, 2, 3};

  /** Weighs every output differently, so that the sum has a gradient everywhere. */
  private static double weight(int i) {
    return Math.sin(i + 1);
  }

  private double[] slow(double[] x) {
    double[] y = new double[x.length];
    int length = C / GROUPS * SIZE;
    for (int row = 0; row < N * GROUPS; row++) {
      double mean = 0;
      double square = 0;
      for (int i = row * length; i < (row + 1) * length; i++) {
        mean += x[i] / length;
        square += x[i] * x[i] / length;
      }
      for (int i = row * length; i < (row + 1) * length; i++) {
        int channel = i / SIZE % C;
        double normal = (x[i] - mean) / Math.sqrt(square - mean * mean + 1e-5);
        y[i] = normal * scale[channel] + offset[channel];
      }
    }
    return y;
  }

  private double slowSum(double[] x) {
    double[] y = slow(x);
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      sum += y[i] * weight(i);
    }
    return sum;
  }

  @Test
  void value_and_gradient_agree_with_the_definition() {
    try (NDManager manager = NDManager.newBaseManager()) {
      GroupNorm norm = new GroupNorm(GROUPS, C);
      norm.initialize(manager, DataType.FLOAT32, SHAPE);
      norm.getDirectParameters().get("scale").getArray().set(floats(scale));
      norm.getDirectParameters().get("offset").getArray().set(floats(offset));
      NDArray x = manager.create(floats(input), SHAPE);
      x.setRequiresGradient(true);
      float[] weights = new float[input.length];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) weight(i);
      }
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        ParameterStore store = new ParameterStore(manager, false);
        NDArray y = norm.forward(store, new NDList(x), true).singletonOrThrow();
        double[] known = slow(input);
        float[] values = y.toFloatArray();
        for (int i = 0; i < known.length; i++) {
          assertThat((double) values[i]).isCloseTo(known[i], within(1e-5));
        }
        collector.backward(y.mul(manager.create(weights, SHAPE)).sum());
      }
      float[] gradient = x.getGradient().toFloatArray();
      for (int i = 0; i < input.length; i++) {
        double[] up = input.clone();
        double[] down = input.clone();
        up[i] += 1e-5;
        down[i] -= 1e-5;
        double slope = (slowSum(up) - slowSum(down)) / 2e-5;
        assertThat((double) gradient[i]).isCloseTo(slope, within(1e-4));
      }
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
