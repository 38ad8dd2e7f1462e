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
import downstream.eval.train.Gradients;
import downstream.eval.train.Step;
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
    return tiny(CROPS, .05, iterations, 16);
  }

  private static SwavSettings tiny(
      CropSettings crops, double epsilon, int iterations, int queueLength) {
    return new SwavSettings(
        TestEncoders.VIT,
        crops,
        0,
        8,
        6,
        0,
        .1,
        epsilon,
        iterations,
        queueLength,
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
            new float[] {.416589f, .583411f, .208038f, .791962f, .840668f, .159332f},
            within(2e-6f));
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
        .isCloseTo(1.195982f, within(1e-5f));
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
  void prediction_has_the_loss_and_the_gradient_of_a_slow_reference() {
    double[] codes = {.2, .3, .5, .7, .2, .1};
    double[] values = new Random(9).doubles(6, -1, 1).toArray();
    NDArray scores = rows(3, values);
    scores.setRequiresGradient(true);
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDArray loss = SwavModel.crossEntropy(rows(3, codes), scores, .1);
      assertThat((double) loss.getFloat()).isCloseTo(slow(codes, values), within(1e-5));
      collector.backward(loss);
    }
    float[] gradient = scores.getGradient().toFloatArray();
    for (int i = 0; i < values.length; i++) {
      double[] up = values.clone();
      double[] down = values.clone();
      up[i] += 1e-5;
      down[i] -= 1e-5;
      double slope = (slow(codes, up) - slow(codes, down)) / 2e-5;
      assertThat((double) gradient[i]).isCloseTo(slope, within(1e-4));
    }
  }

  /** The mean over two rows of three scores; T is 0.1. */
  private static double slow(double[] codes, double[] scores) {
    double loss = 0;
    for (int i = 0; i < codes.length; i++) {
      double all = 0;
      for (int k = i / 3 * 3; k < i / 3 * 3 + 3; k++) {
        all += Math.exp(scores[k] / .1);
      }
      loss -= codes[i] * (scores[i] / .1 - Math.log(all)) / 2;
    }
    return loss;
  }

  @Test
  void queue_shares_in_the_codes_once_it_is_full() throws IOException {
    SwavModel queued = new SwavModel(tiny(3), 0, 1, manager);
    SwavModel alone = new SwavModel(tiny(CROPS, .05, 3, 0), 0, 1, manager);
    // it may be used from step 1 of 10 on, and two batches of 8 fill it
    assertThat(lossAt(2, queued)).isEqualTo(lossAt(2, alone));
    assertThat(lossAt(3, queued)).isNotEqualTo(lossAt(3, alone));
  }

  private float lossAt(int index, SwavModel model) throws IOException {
    var batch = batch(model);
    try (NDManager scope = manager.newSubManager()) {
      Step step = new Step(index, 10, scope, step(scope).store(), step(scope).random());
      return Gradients.without(() -> model.losses(batch, step).total().getFloat());
    }
  }

  @Test
  void head_and_prototypes_of_the_paper_have_4_462_720_and_384_000_parameters() {
    SwavSettings paper = SwavSettings.PAPER;
    assertThat(Swav.projector(paper, manager).parameters()).isEqualTo(4_462_720);
    assertThat(paper.prototypes() * paper.projectorOutputWidth()).isEqualTo(384_000);
  }

  @Test
  void rates_of_the_paper_rise_from_0_3_to_4_8_and_fall_to_0_0048() {
    TrainingSettings large = SwavSettings.PAPER.training();
    assertThat(large.learningRate()).isCloseTo(4.8, within(1e-12));
    assertThat(large.learningRate() * large.warmupStartFraction()).isCloseTo(.3, within(1e-12));
    assertThat(large.learningRate() * large.floor()).isCloseTo(.0048, within(1e-12));
    TrainingSettings small = SwavSettings.PAPER_BATCH_256.training();
    assertThat(small.learningRate()).isCloseTo(.6, within(1e-12));
  }

  @Test
  void small_crops_cost_what_they_are_and_a_queue_its_scores() {
    SwavModel two = new SwavModel(tiny(CROPS, .05, 3, 0), 0, 1, manager);
    CropSettings more = new CropSettings(3, 8, .14, .05, .14);
    SwavModel three = new SwavModel(tiny(more, .05, 3, 0), 0, 1, manager);
    long scores = 2 * 8 * 6; // of one row
    long projector = 2 * (16 * 16 + 16 * 8);
    long crop = two.encoder().flops(8) + projector + scores;
    assertThat(three.flops() - two.flops()).isEqualTo(3 * crop);
    SwavModel queued = new SwavModel(tiny(3), 0, 1, manager);
    assertThat(queued.flops() - two.flops()).isEqualTo(2 * 16 * scores / 8);
  }

  @Test
  void refuses_crops_codes_and_queues_that_cannot_be() {
    assertThatThrownBy(() -> tiny(new CropSettings(2, 10, .14, .05, .14), .05, 3, 0))
        .hasMessageContaining("crops.smallSize must be a multiple of encoder.patchSize 4, not 10");
    assertThatThrownBy(() -> new CropSettings(2, 8, .14, .2, .14))
        .hasMessageContaining("crops.maxSmallArea must be in [crops.minSmallArea, 1], not 0.14");
    assertThatThrownBy(() -> tiny(CROPS, .01, 3, 0))
        .hasMessageContaining("epsilon must be at least 0.025");
    assertThatThrownBy(() -> tiny(CROPS, .05, 3, 12))
        .hasMessageContaining("queueLength must be a multiple of training.batch 8, not 12");
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
