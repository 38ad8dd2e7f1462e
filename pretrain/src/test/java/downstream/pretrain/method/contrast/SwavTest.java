package downstream.pretrain.method.contrast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import downstream.eval.train.Examples;
import downstream.eval.train.TrainingLoop;
import downstream.eval.train.TrainingPlan;
import downstream.eval.train.optimiser.Optimiser;
import downstream.eval.train.optimiser.Schedule;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.ObjectiveContractTest;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.method.contrast.Swav.SwavModel;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.monitor.Collapse;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.CropSettings;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.views.Photos;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SwavTest extends ObjectiveContractTest<List<float[]>> {
  private static final CropSettings CROPS = new CropSettings(2, 8, .14, .05, .14);

  private static SwavSettings tiny(int iterations) {
    return new SwavSettings(
        TestEncoders.VIT,
        CROPS,
        0,
        8,
        6,
        0,
        .1,
        .05,
        iterations,
        16,
        .1,
        .1,
        TrainingSettings.adamW(8, .1),
        Budget.epochs(20));
  }

  @Override
  public PretrainingModel<List<float[]>> model() {
    return new SwavModel(tiny(3), 0, 1, manager);
  }

  @Override
  public Examples<List<float[]>> examples(Photos photos) {
    return Swav.views(tiny(3), photos);
  }

  @Override
  public int steps() {
    return 40;
  }

  @Override
  public double learningRate() {
    return 1e-2;
  }

  /** Codes depend on the weights and have no gradient. */
  @Override
  public boolean isGradientOfItsLoss() {
    return false;
  }

  private NDArray rows(int width, double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return manager.create(floats, new Shape(values.length / width, width));
  }

  @Test
  void codes_of_known_scores_are_known() {
    NDArray scores = rows(2, .1, 0, .05, 0, .2, 0);
    float[] codes = Sinkhorn.codes(scores, .05, 3).toFloatArray();
    assertThat(codes)
        .containsExactly(
            new float[] {
              .416588846f, .583411154f, .208038045f, .791961955f, .840668113f, .159331887f
            },
            within(1e-6f));
    float[] below =
        Sinkhorn.codes(rows(2, 0, .1, .1, .1, .1, 0, .05, 0, .2, 0), .05, 3).toFloatArray();
    assertThat(Arrays.copyOfRange(below, 4, 10))
        .containsExactly(
            new float[] {.716945f, .283055f, .482347f, .517653f, .949279f, .050721f},
            within(1e-6f));
  }

  @Test
  void loss_of_known_codes_is_known() {
    NDArray codes = Sinkhorn.codes(rows(2, .1, 0, .05, 0, .2, 0), .05, 3);
    NDArray scores = rows(2, .3, -.1, 0, .2, .4, .4);
    assertThat(SwavModel.crossEntropy(codes, scores, .1).getFloat())
        .isCloseTo(1.195981936f, within(1e-5f));
  }

  /** The authors' form in double precision, each division by itself. */
  @Test
  void codes_agree_with_a_slow_reference() {
    double[] values = new Random(4).doubles(5 * 3, -1, 1).toArray();
    double[][] q = new double[5][3];
    for (int row = 0; row < 5; row++) {
      for (int k = 0; k < 3; k++) {
        q[row][k] = Math.exp(values[row * 3 + k] / .1);
      }
    }
    for (int iteration = 0; iteration < 2; iteration++) {
      for (int k = 0; k < 3; k++) {
        double sum = 0;
        for (double[] row : q) {
          sum += row[k];
        }
        for (double[] row : q) {
          row[k] /= sum * 3;
        }
      }
      for (double[] row : q) {
        double sum = Arrays.stream(row).sum();
        for (int k = 0; k < 3; k++) {
          row[k] /= sum * 5;
        }
      }
    }
    float[] codes = Sinkhorn.codes(rows(3, values), .1, 2).toFloatArray();
    for (int i = 0; i < 15; i++) {
      assertThat((double) codes[i]).isCloseTo(q[i / 3][i % 3] * 5, within(1e-6));
    }
  }

  @Test
  void large_scores_do_not_overflow() {
    float[] codes = Sinkhorn.codes(rows(2, 100, 99, 99, 100), .05, 3).toFloatArray();
    assertThat(codes).containsExactly(new float[] {1, 0, 0, 1}, within(1e-6f));
  }

  @Test
  void entropy_is_0_for_one_prototype_and_1_for_all_alike() {
    assertThat(SwavModel.entropy(rows(3, 1, 0, 0).reshape(3)).getFloat())
        .isCloseTo(0, within(1e-6f));
    assertThat(SwavModel.entropy(rows(4, .25, .25, .25, .25).reshape(4)).getFloat())
        .isCloseTo(1, within(1e-6f));
  }

  @Test
  void prototypes_have_length_1_and_stay_where_they_are_while_held() throws IOException {
    assertThat(gradientOfPrototypes(new SwavModel(tiny(3), 100, 1, manager))).isZero();
    assertThat(gradientOfPrototypes(new SwavModel(tiny(3), 0, 1, manager))).isPositive();
  }

  /** The norm of the gradient, after a look at the lengths. */
  private double gradientOfPrototypes(SwavModel model) throws IOException {
    List<Weight> weights = model.weights();
    var batch = batch(model);
    try (NDManager scope = manager.newSubManager();
        GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      collector.backward(model.losses(batch, step(scope)).total());
    }
    NDArray prototypes = weights.get(weights.size() - 1).array();
    assertThat(weights.get(weights.size() - 1).name()).isEqualTo("prototypes");
    try (NDArray squares = prototypes.square();
        NDArray sums = squares.sum(new int[] {1});
        NDArray gradient = prototypes.getGradient();
        NDArray norm = gradient.norm()) {
      assertThat(sums.toFloatArray())
          .containsExactly(new float[] {1, 1, 1, 1, 1, 1}, within(1e-5f));
      return norm.getFloat();
    }
  }

  @Test
  void without_equal_shares_it_collapses_and_is_caught() {
    SwavModel model = new SwavModel(tiny(0), 0, 1, manager);
    Optimiser adam = new Optimiser.AdamW(3e-2, 0, .9, .99);
    TrainingPlan plan = new TrainingPlan(120, 8, adam, Schedule.cosine(.05), 0, 1, 120, 1);
    assertThatThrownBy(
            () -> TrainingLoop.train(plan, examples(photos()), model, folder.resolve("run")))
        .isInstanceOf(Collapse.class)
        .hasMessageContaining("swav: all images go to one prototype");
  }
}
