package downstream.pretrain.method.contrast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import downstream.eval.train.Examples;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.method.contrast.SimClr.SimClrModel;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.model.Similarity;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.views.Photos;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SimClrTest extends ContrastContractTest<List<float[]>> {
  private static final SimClrSettings TINY =
      SimClrSettings.of(
          TestEncoders.VIT, .2, 2, 8, TrainingSettings.adamW(8, .1), Budget.epochs(20));

  @Override
  public PretrainingModel<List<float[]>> model() {
    return new SimClrModel(TINY, 1, manager);
  }

  @Override
  public Examples<List<float[]>> examples(Photos photos) {
    return SimClr.views(TINY, photos);
  }

  @Override
  public int steps() {
    return 40;
  }

  @Override
  public double learningRate() {
    return 1e-2;
  }

  @Test
  void loss_of_known_projections_is_known() {
    NDArray a = rows(1, 0, 0, 1);
    NDArray b = Similarity.normalised(rows(3, 4, 4, 3));
    assertThat(half(a, b, .5)).isCloseTo(1.027123057, within(1e-6));
    assertThat(half(b, a, .5)).isCloseTo(1.514304457, within(1e-6));
    assertThat(half(a, b, .1)).isCloseTo(2.127223442, within(1e-6));
    assertThat(half(b, a, .1)).isCloseTo(3.806380017, within(1e-6));
  }

  @Test
  void equal_rows_cost_the_logarithm_of_all_others() {
    NDArray rows = manager.ones(new Shape(4, 1));
    assertThat(half(rows, rows, .1)).isCloseTo(Math.log(7), within(1e-6));
  }

  private static double half(NDArray own, NDArray other, double temperature) {
    return SimClrModel.half(own, other, temperature).getFloat();
  }

  private NDArray rows(float... values) {
    return manager.create(values, new Shape(values.length / 2, 2));
  }

  @Test
  void loss_and_gradient_agree_with_a_slow_reference() {
    double[] values = new Random(8).doubles(2 * 3 * 2, -1, 1).toArray();
    NDArray z = manager.create(values, new Shape(6, 2)).toType(DataType.FLOAT32, true);
    z.setRequiresGradient(true);
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDList halves = Similarity.normalised(z).split(2);
      NDArray loss =
          SimClrModel.half(halves.get(0), halves.get(1), .5)
              .add(SimClrModel.half(halves.get(1), halves.get(0), .5));
      assertThat((double) loss.getFloat()).isCloseTo(slow(values), within(1e-5));
      collector.backward(loss);
    }
    float[] gradient = z.getGradient().toFloatArray();
    for (int i = 0; i < values.length; i++) {
      double[] up = values.clone();
      double[] down = values.clone();
      up[i] += 1e-5;
      down[i] -= 1e-5;
      assertThat((double) gradient[i]).isCloseTo((slow(up) - slow(down)) / 2e-5, within(2e-5));
    }
  }

  /** Twice the mean over six rows of two values; row i and row i + 3 are partners; T is 0.5. */
  private static double slow(double[] z) {
    double sum = 0;
    for (int i = 0; i < 6; i++) {
      double all = 0;
      for (int j = 0; j < 6; j++) {
        all += j == i ? 0 : Math.exp(cosine(z, i, j) / .5);
      }
      sum += Math.log(all) - cosine(z, i, (i + 3) % 6) / .5;
    }
    return sum / 3;
  }

  private static double cosine(double[] z, int i, int j) {
    double dot = z[2 * i] * z[2 * j] + z[2 * i + 1] * z[2 * j + 1];
    return dot / Math.hypot(z[2 * i], z[2 * i + 1]) / Math.hypot(z[2 * j], z[2 * j + 1]);
  }

  @Test
  void heads_of_the_paper_have_8_659_072_and_4_460_672_parameters() {
    SimClrSettings paper = SimClrSettings.PAPER;
    assertThat(SimClr.projector(paper, manager).parameters()).isEqualTo(8_659_072);
    SimClrSettings two =
        SimClrSettings.of(paper.encoder(), .1, 2, 128, paper.training(), paper.budget());
    assertThat(SimClr.projector(two, manager).parameters()).isEqualTo(4_460_672);
  }

  @Test
  void last_norm_has_a_scale_and_no_shift() {
    List<String> trained =
        SimClr.projector(TINY, manager).weights("projector").stream().map(Weight::name).toList();
    assertThat(trained).hasSize(5).filteredOn(name -> name.endsWith("beta")).hasSize(1);
  }

  @Test
  void rate_of_the_paper_is_4_8() {
    assertThat(SimClrSettings.PAPER.training().learningRate()).isCloseTo(4.8, within(1e-12));
  }
}
