package downstream.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import downstream.eval.train.Examples;
import downstream.eval.train.Objective;
import downstream.eval.train.Weight;
import downstream.pretrain.views.Photos;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByolTest extends ObjectiveContractTest<List<float[]>> {
  @Override
  Objective<List<float[]>> model() {
    return new Byol.Bootstrap(TINY, 1, manager);
  }

  @Override
  Examples<List<float[]>> examples(Photos photos) {
    return Byol.TwoViews.of(photos, TINY);
  }

  @Override
  double learningRate() {
    return 3e-3;
  }

  private final Random random = new Random(4);

  @Test
  void momentum_rises_along_a_cosine() {
    double[] of99 = {.99, .99146447, .995, .99853553, 1};
    double[] of996 = {.996, .99658579, .998, .99941421, 1};
    for (int quarter = 0; quarter <= 4; quarter++) {
      assertThat(Byol.momentum(.99, quarter, 4)).isCloseTo(of99[quarter], within(1e-8));
      assertThat(Byol.momentum(.996, quarter, 4)).isCloseTo(of996[quarter], within(1e-8));
    }
  }

  @Test
  void regression_is_0_2_4_for_equal_orthogonal_opposite_directions() {
    NDArray right = manager.create(new float[] {3, 0}, new Shape(1, 2));
    assertThat(Byol.regression(right, right.mul(2)).getFloat()).isCloseTo(0, within(1e-6f));
    NDArray up = manager.create(new float[] {0, 5}, new Shape(1, 2));
    assertThat(Byol.regression(right, up).getFloat()).isCloseTo(2, within(1e-6f));
    assertThat(Byol.regression(right, right.neg()).getFloat()).isCloseTo(4, within(1e-6f));
  }

  @Test
  void regression_is_the_mean_of_2_minus_twice_the_cosine() {
    float[] q = floats(6 * 5);
    float[] z = floats(6 * 5);
    double sum = 0;
    for (int row = 0; row < 6; row++) {
      double dot = 0;
      double qq = 0;
      double zz = 0;
      for (int i = row * 5; i < row * 5 + 5; i++) {
        dot += (double) q[i] * z[i];
        qq += (double) q[i] * q[i];
        zz += (double) z[i] * z[i];
      }
      sum += 2 - 2 * dot / Math.sqrt(qq * zz);
    }
    NDArray loss =
        Byol.regression(manager.create(q, new Shape(6, 5)), manager.create(z, new Shape(6, 5)));
    assertThat(loss.getFloat()).isCloseTo((float) (sum / 6), within(1e-5f));
  }

  @Test
  void heads_of_the_paper_have_9_449_472_and_2_109_440_parameters() {
    assertThat(trained(Byol.head(2048, 4096, 256, manager))).isEqualTo(9_449_472);
    assertThat(trained(Byol.head(256, 4096, 256, manager))).isEqualTo(2_109_440);
  }

  private static long trained(Block head) {
    return Weight.of("head", head).stream().mapToLong(weight -> weight.array().size()).sum();
  }

  @Test
  void target_starts_as_a_copy_and_is_not_trained() {
    Byol.Bootstrap model = new Byol.Bootstrap(TINY, 1, manager);
    List<String> names = model.weights().stream().map(Weight::name).toList();
    assertThat(names).noneMatch(name -> name.startsWith("target")).doesNotHaveDuplicates();
    int compared = 0;
    for (Weight weight : model.weights()) {
      NDArray average = model.state().get("target." + weight.name());
      if (average != null) {
        assertThat(average.toFloatArray()).isEqualTo(weight.array().toFloatArray());
        assertThat(average.hasGradient()).isFalse();
        compared++;
      } else {
        assertThat(weight.name()).startsWith("predictor");
      }
    }
    assertThat(compared).isGreaterThan(15);
  }

  static final ByolSettings TINY =
      new ByolSettings(16, 4, 16, 1, 2, 4, 8, .9, .08, 20, 8, 3e-3, .05, .05, 1);

  private float[] floats(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
