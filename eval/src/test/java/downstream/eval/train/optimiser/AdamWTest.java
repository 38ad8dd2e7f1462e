package downstream.eval.train.optimiser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdamWTest {
  private static final Optimiser.AdamW ADAM = new Optimiser.AdamW(0.1, 0.05, 0.9, 0.95);
  private static final double CLIP = 0.2;

  @Test
  void follows_the_published_update_with_decay_only_where_it_applies() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray decayed = manager.create(new float[] {1, -2});
      NDArray plain = manager.create(new float[] {1, -2});
      OptimiserState adam =
          OptimiserState.of(
              ADAM,
              new Clipping(CLIP, false),
              List.of(
                  new Weight("decayed", decayed, true, 1, true),
                  new Weight("plain", plain, false, 0.5, true)),
              manager);
      double[][] slow = {{1, -2}, {1, -2}};
      double[][] first = new double[2][2];
      double[][] second = new double[2][2];
      for (int step = 0; step < 5; step++) {
        float[] gradient = {0.3f * (step + 1), -0.1f};
        double norm = Math.sqrt(2) * Math.hypot(gradient[0], gradient[1]);
        List<NDArray> gradients = List.of(manager.create(gradient), manager.create(gradient));
        double decay = 0.05 * (step + 1);
        adam.apply(step, gradients, 0.1, decay, manager);
        gradient[0] *= (float) (CLIP / norm);
        gradient[1] *= (float) (CLIP / norm);
        slow(slow[0], first[0], second[0], gradient, step, 0.1, decay);
        slow(slow[1], first[1], second[1], gradient, step, 0.05, 0);
      }

      for (int i = 0; i < 2; i++) {
        assertThat(decayed.toFloatArray()[i]).isCloseTo((float) slow[0][i], offset(1e-5f));
        assertThat(plain.toFloatArray()[i]).isCloseTo((float) slow[1][i], offset(1e-5f));
      }
    }
  }

  /** Algorithm 2 of Loshchilov and Hutter (2019), element by element. */
  private static void slow(
      double[] weight,
      double[] first,
      double[] second,
      float[] gradient,
      int step,
      double rate,
      double decay) {
    for (int i = 0; i < weight.length; i++) {
      double g = gradient[i];
      first[i] = 0.9 * first[i] + 0.1 * g;
      second[i] = 0.95 * second[i] + 0.05 * g * g;
      double m = first[i] / (1 - Math.pow(0.9, step + 1));
      double v = second[i] / (1 - Math.pow(0.95, step + 1));
      weight[i] -= rate * decay * weight[i];
      weight[i] -= rate * m / (Math.sqrt(v) + 1e-8);
    }
  }
}
