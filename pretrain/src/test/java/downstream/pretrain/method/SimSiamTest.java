package downstream.pretrain.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import downstream.eval.train.Examples;
import downstream.eval.train.TrainingPlan;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.ObjectiveContractTest;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.model.MlpHead;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.model.Similarity;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.views.Photos;
import downstream.pretrain.views.SimSiamView;
import downstream.pretrain.views.TwoViews;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SimSiamTest extends ObjectiveContractTest<List<float[]>> {
  private static final SimSiamSettings TINY =
      new SimSiamSettings(
          TestEncoders.VIT, 4, true, .2, TrainingSettings.adamW(8, .1), Budget.epochs(20));

  @Override
  public PretrainingModel<List<float[]>> model() {
    return new SimSiam.SimSiamModel(TINY, 1, manager);
  }

  @Override
  public Examples<List<float[]>> examples(Photos photos) {
    SimSiamView view = new SimSiamView(16, .2);
    return new TwoViews(photos, view, view);
  }

  @Override
  public double learningRate() {
    return 1e-3;
  }

  /** A similarity begins near 0 and falls towards -1: its height says nothing. */
  @Override
  public boolean hasFallen(double first, double last) {
    return last < first - .1;
  }

  @Override
  public boolean isGradientOfItsLoss() {
    return false;
  }

  @Test
  void rows_that_do_not_count_leave_the_mean_alone() {
    NDArray right = manager.create(new float[] {3, 0, 3, 0}, new Shape(2, 2));
    NDArray other = manager.create(new float[] {2, 0, 0, 5}, new Shape(2, 2)); // cosines 1 and 0
    assertThat(Similarity.simSiam(right, other, counted(1, 1)).getFloat())
        .isCloseTo(-.5f, within(1e-6f));
    assertThat(Similarity.simSiam(right, other, counted(1, 0)).getFloat())
        .isCloseTo(-1, within(1e-6f));
    assertThat(Similarity.simSiam(right, other, counted(0, 0)).getFloat()).isZero();
  }

  private NDArray counted(float... rows) {
    return manager.create(rows);
  }

  @Test
  void loss_is_minus_1_0_1_for_equal_orthogonal_opposite_directions() {
    NDArray right = manager.create(new float[] {3, 0}, new Shape(1, 2));
    NDArray up = manager.create(new float[] {0, 5}, new Shape(1, 2));
    assertThat(Similarity.simSiam(right, right.mul(2)).getFloat()).isCloseTo(-1, within(1e-6f));
    assertThat(Similarity.simSiam(right, up).getFloat()).isCloseTo(0, within(1e-6f));
    assertThat(Similarity.simSiam(right, right.neg()).getFloat()).isCloseTo(1, within(1e-6f));
  }

  @Test
  void no_gradient_reaches_projections_and_that_of_predictions_is_right() {
    Random random = new Random(2);
    float[] values = new float[4 * 15];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    NDArray[] rows = new NDArray[4];
    for (int i = 0; i < 4; i++) {
      rows[i] =
          manager
              .create(java.util.Arrays.copyOfRange(values, i * 15, i * 15 + 15), new Shape(3, 5))
              .duplicate();
      rows[i].setRequiresGradient(true);
    }
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      collector.backward(SimSiam.SimSiamModel.loss(rows[0], rows[1], rows[2], rows[3]));
    }
    assertThat(rows[1].getGradient().toFloatArray()).containsOnly(0);
    assertThat(rows[3].getGradient().toFloatArray()).containsOnly(0);
    float[] gradient = rows[0].getGradient().toFloatArray();
    for (int i = 0; i < 15; i++) {
      double numeric = (slow(values, i, 1e-4) - slow(values, i, -1e-4)) / 2e-4;
      assertThat((double) gradient[i]).isCloseTo(numeric, within(1e-4));
    }
  }

  /** The loss with one value of the first prediction moved. */
  private static double slow(float[] values, int moved, double by) {
    double[] all = new double[values.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = values[i] + (i == moved ? by : 0);
    }
    double sum = 0;
    for (int side = 0; side < 2; side++) {
      for (int row = 0; row < 3; row++) {
        int p = side * 30 + row * 5;
        int z = p + 15;
        double dot = 0;
        double pp = 0;
        double zz = 0;
        for (int i = 0; i < 5; i++) {
          dot += all[p + i] * all[z + i];
          pp += all[p + i] * all[p + i];
          zz += all[z + i] * all[z + i];
        }
        sum += -dot / Math.sqrt(pp * zz) / 3;
      }
    }
    return sum / 2;
  }

  @Test
  void heads_of_the_paper_have_12_593_152_and_2_100_224_parameters() {
    assertThat(MlpHead.simSiamProjector(2048, 2048, 2048, manager).parameters())
        .isEqualTo(12_593_152);
    assertThat(MlpHead.simSiamPredictor(2048, 512, manager).parameters()).isEqualTo(2_100_224);
    assertThat(SimSiamSettings.PAPER.width()).isEqualTo(2048);
    assertThat(SimSiamSettings.bottleneck(2048)).isEqualTo(512);
  }

  @Test
  void last_norm_has_no_scale_and_the_bias_before_it_is_not_trained() {
    List<Weight> weights = MlpHead.simSiamProjector(8, 16, 16, manager).weights("projector");
    assertThat(weights).hasSize(7); // three linear weights, two norms of two
  }

  @Test
  void rate_falls_once_an_epoch_and_the_predictors_stays() {
    TrainingPlan plan =
        SimSiamSettings.PAPER.training().plan(100, 512, 0, 1); // one update an epoch
    assertThat(plan.rateAt(0)).isCloseTo(.1, within(1e-12));
    assertThat(plan.rateAt(50)).isCloseTo(.05, within(1e-12));
    assertThat(plan.rateAt(99)).isCloseTo(2.47e-5, within(1e-7));
    assertThat(model().weights())
        .allSatisfy(
            weight ->
                assertThat(weight.scheduled())
                    .as(weight.name())
                    .isEqualTo(!weight.name().startsWith("predictor")));
  }
}
