package downstream.pretrain.method;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.train.Examples;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.ObjectiveContractTest;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.model.MlpHead;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.model.Similarity;
import downstream.pretrain.model.targets.MovingAverage.Momentum;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.views.Photos;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByolTest extends ObjectiveContractTest<List<float[]>> {
  @Override
  public PretrainingModel<List<float[]>> model() {
    return new Byol.ByolModel(TINY, 1, manager);
  }

  @Override
  public Examples<List<float[]>> examples(Photos photos) {
    return Byol.views(TINY, photos);
  }

  @Override
  public double learningRate() {
    return 3e-3;
  }

  private final Random random = new Random(4);

  @Test
  void momentum_rises_along_a_cosine() {
    double[] of99 = {.99, .99146447, .995, .99853553, 1};
    double[] of996 = {.996, .99658579, .998, .99941421, 1};
    for (int quarter = 0; quarter <= 4; quarter++) {
      assertThat(Momentum.risen(.99, quarter, 4)).isCloseTo(of99[quarter], within(1e-8));
      assertThat(Momentum.risen(.996, quarter, 4)).isCloseTo(of996[quarter], within(1e-8));
    }
  }

  @Test
  void regression_is_0_2_4_for_equal_orthogonal_opposite_directions() {
    NDArray right = manager.create(new float[] {3, 0}, new Shape(1, 2));
    assertThat(Similarity.byol(right, right.mul(2)).getFloat()).isCloseTo(0, within(1e-6f));
    NDArray up = manager.create(new float[] {0, 5}, new Shape(1, 2));
    assertThat(Similarity.byol(right, up).getFloat()).isCloseTo(2, within(1e-6f));
    assertThat(Similarity.byol(right, right.neg()).getFloat()).isCloseTo(4, within(1e-6f));
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
        Similarity.byol(manager.create(q, new Shape(6, 5)), manager.create(z, new Shape(6, 5)));
    assertThat(loss.getFloat()).isCloseTo((float) (sum / 6), within(1e-5f));
  }

  @Test
  void heads_of_the_paper_have_9_449_472_and_2_109_440_parameters() {
    assertThat(MlpHead.byol(2048, 4096, 256, manager).parameters()).isEqualTo(9_449_472);
    assertThat(MlpHead.byol(256, 4096, 256, manager).parameters()).isEqualTo(2_109_440);
    assertThat(ByolSettings.PAPER.hiddenWidth()).isEqualTo(4096);
  }

  @Test
  void target_moves_by_the_average_alone() throws IOException {
    Byol.ByolModel model = new Byol.ByolModel(TINY, 1, manager);
    Weight weight = model.weights().get(0);
    NDArray target = requireNonNull(model.state().get("target." + weight.name()));
    float before = target.toFloatArray()[0];
    weight.array().addi(1);
    try (NDManager scope = manager.newSubManager()) {
      model.afterUpdate(step(scope));
    }
    double tau = Momentum.risen(TINY.targetMomentum(), 3, 10);
    assertThat(target.toFloatArray()[0])
        .isCloseTo((float) (tau * before + (1 - tau) * (before + 1)), within(1e-6f));
  }

  @Test
  void presets_are_the_papers() {
    assertThat(ByolSettings.PAPER.training().learningRate()).isCloseTo(3.2, within(1e-12));
    assertThat(ByolSettings.PAPER.targetMomentum()).isEqualTo(.996);
    assertThat(ByolSettings.PAPER.training().weightDecay()).isEqualTo(1.5e-6);
    assertThat(ByolSettings.PAPER.training().optimiser())
        .isEqualTo(TrainingSettings.UpdateRule.LARS);
    assertThat(ByolSettings.PAPER.budget()).isEqualTo(Budget.epochs(1000));
  }

  @Test
  void target_starts_as_a_copy_and_is_not_trained() {
    Byol.ByolModel model = new Byol.ByolModel(TINY, 1, manager);
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
      new ByolSettings(
          TestEncoders.VIT,
          4,
          8,
          .9,
          ByolSettings.Augmentation.BYOL,
          .08,
          TrainingSettings.adamW(8, .1).clipped(1),
          Budget.epochs(20));

  private float[] floats(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
