package downstream.pretrain.method.contrast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import downstream.eval.train.Examples;
import downstream.eval.train.TrainingLoop;
import downstream.eval.train.TrainingPlan;
import downstream.eval.train.optimiser.Optimiser;
import downstream.eval.train.optimiser.Schedule;
import downstream.pretrain.ObjectiveContractTest;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.method.contrast.Siamese.PairLoss;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.monitor.Collapse;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.views.Photos;
import downstream.pretrain.views.SimSiamView;
import downstream.pretrain.views.TwoViews;
import java.util.List;
import org.junit.jupiter.api.Test;

class SiameseTest extends ObjectiveContractTest<List<float[]>> {
  private static SiameseSettings tiny(PairLoss loss, int negatives) {
    return new SiameseSettings(
        TestEncoders.VIT,
        4,
        16,
        loss,
        1,
        negatives,
        .2,
        TrainingSettings.adamW(8, .1),
        Budget.epochs(20));
  }

  private static SiameseSettings withMargin(double margin) {
    return new SiameseSettings(
        TestEncoders.VIT,
        4,
        16,
        PairLoss.MARGIN,
        margin,
        1,
        .2,
        TrainingSettings.adamW(8, .1),
        Budget.epochs(20));
  }

  @Override
  public PretrainingModel<List<float[]>> model() {
    return new Siamese.SiameseModel(tiny(PairLoss.MARGIN, 2), 1, manager);
  }

  @Override
  public Examples<List<float[]>> examples(Photos photos) {
    SimSiamView view = new SimSiamView(16, .2);
    return new TwoViews(photos, view, view);
  }

  @Override
  public int steps() {
    return 32;
  }

  @Override
  public double learningRate() {
    return 1e-2;
  }

  @Test
  void similar_pairs_cost_half_the_squared_distance_dissimilar_ones_what_the_margin_lacks() {
    NDArray distances = manager.create(new float[] {.5f, 1.5f});
    assertThat(PairLoss.similarAt(distances).toFloatArray()).containsExactly(.125f, 1.125f);
    assertThat(PairLoss.dissimilarAt(distances, 1).toFloatArray()).containsExactly(.125f, 0);
  }

  @Test
  void gradient_is_0_beyond_the_margin_and_finite_where_both_sides_are_equal() {
    NDArray a = manager.create(new float[] {1, 0, 2, 2}, new Shape(2, 2));
    NDArray b = manager.create(new float[] {0, 1, 2, 2}, new Shape(2, 2)); // D = √2 and 0
    a.setRequiresGradient(true);
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      collector.backward(PairLoss.MARGIN.dissimilar(a, b, 1).sum());
    }
    float[] gradient = a.getGradient().toFloatArray();
    assertThat(gradient[0]).isZero();
    assertThat(gradient[1]).isZero();
    assertThat(gradient[2]).isFinite();
    assertThat(gradient[3]).isFinite();
  }

  @Test
  void cosine_is_to_be_1_or_minus_1() {
    NDArray a = manager.create(new float[] {2, 0}, new Shape(1, 2));
    NDArray b = manager.create(new float[] {3, 4}, new Shape(1, 2)); // cosine .6
    assertThat(PairLoss.COSINE.similar(a, b).getFloat()).isCloseTo(.16f, within(1e-6f));
    assertThat(PairLoss.COSINE.dissimilar(a, b, 1).getFloat()).isCloseTo(2.56f, within(1e-6f));
  }

  @Test
  void every_image_is_paired_with_the_next_ones_of_its_batch() {
    NDArray z = // distances: √2 between neighbours, 2 between those two apart
        manager.create(new float[] {1, 0, 0, 1, -1, 0, 0, -1}, new Shape(4, 2));
    double expected = .5 * Math.pow(2 - Math.sqrt(2), 2) / 2; // half of the pairs are similar
    assertThat(Siamese.SiameseModel.losses(z, z, withMargin(2)).total().getFloat())
        .isCloseTo((float) expected, within(1e-5f));
  }

  @Test
  void refuses_margins_and_numbers_of_pairs_that_cannot_be() {
    assertThatThrownBy(() -> withMargin(0)).hasMessageContaining("margin must be in (0, 2]");
    assertThatThrownBy(() -> withMargin(2.1)).hasMessageContaining("not 2.1");
    assertThatThrownBy(() -> tiny(PairLoss.MARGIN, 8))
        .hasMessageContaining("negativesPerPositive must be less than training.batch 8, not 8");
  }

  @Test
  void without_dissimilar_pairs_it_collapses_and_is_caught() {
    Siamese.SiameseModel model = new Siamese.SiameseModel(tiny(PairLoss.MARGIN, 0), 1, manager);
    Optimiser adam = new Optimiser.AdamW(3e-2, 0, .9, .99);
    TrainingPlan plan = new TrainingPlan(80, 8, adam, Schedule.cosine(.05), 0, 1, 80, 1);
    assertThatThrownBy(
            () -> TrainingLoop.train(plan, examples(photos()), model, folder.resolve("run")))
        .isInstanceOf(Collapse.class)
        .hasMessageContaining("siamese: the projections collapsed at step ");
  }
}
