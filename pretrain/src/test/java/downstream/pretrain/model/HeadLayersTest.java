package downstream.pretrain.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.model.HeadLayers.Start;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeadLayersTest {
  private final NDManager manager = NDManager.newBaseManager();

  @BeforeEach
  void seed() {
    Engine.getInstance().setRandomSeed(7);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void layers_compute_what_they_are_called() {
    MlpHead head = HeadLayers.from(2, Start.PYTORCH).linear(3).relu().linear(2).build(manager);
    float[] first = values(head, "01Linear_weight");
    float[] firstBias = values(head, "01Linear_bias");
    float[] second = values(head, "03Linear_weight");
    float[] secondBias = values(head, "03Linear_bias");
    float[] x = {.7f, -1.2f};
    double[] hidden = affine(first, firstBias, new double[] {x[0], x[1]});
    double[] expected =
        affine(
            second,
            secondBias,
            IntStream.range(0, 3).mapToDouble(i -> Math.max(0, hidden[i])).toArray());
    float[] out = apply(head, manager.create(x, new Shape(1, 2))).toFloatArray();
    for (int i = 0; i < 2; i++) {
      assertThat((double) out[i]).isCloseTo(expected[i], within(1e-6));
    }
  }

  private static double[] affine(float[] weight, float[] bias, double[] x) {
    double[] y = new double[bias.length];
    for (int row = 0; row < y.length; row++) {
      y[row] = bias[row];
      for (int i = 0; i < x.length; i++) {
        y[row] += weight[row * x.length + i] * x[i];
      }
    }
    return y;
  }

  @Test
  void cells_of_images_are_rows() {
    MlpHead head =
        HeadLayers.from(2, Start.PYTORCH).linear(4).norm().gelu().linear(3).build(manager);
    NDArray rows = manager.randomNormal(new Shape(6, 2));
    NDArray cells = apply(head, rows.reshape(2, 3, 2));
    assertThat(cells.getShape()).isEqualTo(new Shape(2, 3, 3));
    assertThat(cells.toFloatArray()).isEqualTo(apply(head, rows).toFloatArray());
  }

  @Test
  void norms_train_scale_and_shift_or_scale_or_nothing() {
    List<Weight> both = HeadLayers.from(2, Start.NORMAL_01).norm().build(manager).weights("");
    List<Weight> scale =
        HeadLayers.from(2, Start.NORMAL_01).normWithoutShift().build(manager).weights("");
    List<Weight> none =
        HeadLayers.from(2, Start.NORMAL_01).normWithoutAffine().build(manager).weights("");
    assertThat(both).hasSize(2);
    assertThat(scale).hasSize(1);
    assertThat(scale.get(0).name()).endsWith("gamma");
    assertThat(none).isEmpty();
  }

  @Test
  void initial_weights_have_the_deviation_of_their_start() {
    int in = 400;
    assertThat(deviation(Start.NORMAL_01, in)).isCloseTo(.01, within(2e-4));
    assertThat(deviation(Start.NORMAL_02, in)).isCloseTo(.02, within(4e-4));
    assertThat(deviation(Start.KAIMING, in)).isCloseTo(Math.sqrt(2. / in), within(1e-3));
    assertThat(deviation(Start.PYTORCH, in)).isCloseTo(1 / Math.sqrt(3. * in), within(6e-4));
  }

  private double deviation(Start start, int in) {
    NDArray weight =
        HeadLayers.from(in, start)
            .linearWithoutBias(100)
            .build(manager)
            .weights("h")
            .get(0)
            .array();
    return Math.sqrt(weight.square().mean().getFloat());
  }

  @Test
  void biases_start_as_in_pytorch_or_at_zero() {
    float bound = 1 / (float) Math.sqrt(16);
    float[] uniform =
        values(HeadLayers.from(16, Start.PYTORCH).linear(200).build(manager), "01Linear_bias");
    assertThat(IntStream.range(0, 200).mapToDouble(i -> uniform[i]).max().orElseThrow())
        .isBetween(.9 * bound, (double) bound);
    float[] zero =
        values(HeadLayers.from(16, Start.NORMAL_02).linear(5).build(manager), "01Linear_bias");
    assertThat(zero).containsOnly(0);
  }

  @Test
  void heads_of_the_papers_have_as_many_parameters_as_theirs() {
    MlpHead dino =
        HeadLayers.from(384, Start.NORMAL_02)
            .linear(2048)
            .gelu()
            .linear(2048)
            .gelu()
            .linear(256)
            .build(manager);
    assertThat(dino.parameters()).isEqualTo(5_509_376);
    assertThat(dino.flops()).isEqualTo(2L * (384 * 2048 + 2048 * 2048 + 2048 * 256));
    MlpHead swav =
        HeadLayers.from(2048, Start.PYTORCH).linear(2048).norm().relu().linear(128).build(manager);
    assertThat(swav.parameters()).isEqualTo(4_462_720);
  }

  private static float[] values(MlpHead head, String name) {
    return head.weights("h").stream()
        .filter(weight -> weight.name().endsWith(name))
        .map(weight -> Objects.requireNonNull(weight.array()).toFloatArray())
        .findFirst()
        .orElseThrow();
  }

  private NDArray apply(MlpHead head, NDArray rows) {
    return head.apply(new ParameterStore(manager, false), rows);
  }
}
