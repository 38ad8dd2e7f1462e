package downstream.eval.train.optimiser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.train.optimiser.Optimiser.Lars;
import downstream.eval.train.optimiser.Optimiser.LarsForm;
import downstream.eval.train.optimiser.Optimiser.Sgd;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;

/** The momentum optimisers beside slow ones in double; {@link AdamWTest} has the other. */
class OptimiserStateTest {
  private static final int SIZE = 6;
  private static final int STEPS = 8;

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void lars_of_byol_gives_the_known_first_step() {
    NDArray weight = manager.create(new float[] {3, 4});
    OptimiserState update = update(new Lars(.2, .9, 1e-3, .1, LarsForm.BYOL), weight);
    apply(update, 0, .2, manager.create(new float[] {.6f, .8f}));
    assertThat(velocity(update)).containsExactly(new float[] {.003f, .004f}, within(1e-8f));
    assertThat(weight.toFloatArray())
        .containsExactly(new float[] {3 - .0006f, 4 - .0008f}, within(1e-6f));
  }

  @Test
  void lars_of_orl_gives_the_known_first_step() {
    NDArray weight = manager.create(new float[] {3, 4});
    OptimiserState update = update(new Lars(.2, .9, 1e-3, .1, LarsForm.ORL), weight);
    apply(update, 0, .2, manager.create(new float[] {.6f, .8f}));
    assertThat(velocity(update)).containsExactly(new float[] {.0006f, .0008f}, within(1e-8f));
    assertThat(weight.toFloatArray())
        .containsExactly(new float[] {3 - .0006f, 4 - .0008f}, within(1e-6f));
  }

  @ParameterizedTest
  @CsvSource({
    "BYOL, .00491935, -.000894427, 2.99901613, 4.000178885,"
        + " .009346324, -.001699332, 2.998081498, 4.000348819",
    "SIMCLR, .00098387, -.000178885, 2.99901613, 4.000178885,"
        + " .001377374, -.000250432, 2.997638756, 4.000429317",
    "ORL, .000733333, -.000133333, 2.999266667, 4.000133333,"
        + " .001026626, -.000186659, 2.998240041, 4.000319993",
    "LARC, .003666667, -.000666667, 2.999266667, 4.000133333,"
        + " .006966259, -.001266593, 2.998570041, 4.000259993"
  })
  void forms_of_lars_move_a_weight_across_its_gradient_as_known(ArgumentsAccessor known) {
    LarsForm form = LarsForm.valueOf(known.getString(0));
    NDArray weight = manager.create(new float[] {3, 4});
    OptimiserState update = update(new Lars(.2, .9, 1e-3, .1, form), weight);
    for (int step = 0; step < 2; step++) {
      apply(update, step, step == 0 ? .2 : .1, manager.create(new float[] {.8f, -.6f}));
      int at = 1 + 4 * step;
      assertThat(velocity(update))
          .containsExactly(new float[] {known.getFloat(at), known.getFloat(at + 1)}, within(2e-9f));
      assertThat(weight.toFloatArray())
          .containsExactly(
              new float[] {known.getFloat(at + 2), known.getFloat(at + 3)}, within(5e-7f));
    }
  }

  @Test
  void larc_neither_decays_nor_scales_where_a_norm_is_zero() {
    NDArray weight = manager.create(new float[] {3, 4});
    OptimiserState update = update(new Lars(.5, 0, 1e-3, .1, LarsForm.LARC), weight);
    apply(update, 0, .5, manager.create(new float[] {0, 0}));
    assertThat(weight.toFloatArray()).containsExactly(3, 4);
    NDArray zero = manager.create(new float[] {0, 0});
    OptimiserState plain = update(new Lars(.5, 0, 1e-3, .1, LarsForm.LARC), zero);
    apply(plain, 0, .5, manager.create(new float[] {1, 2}));
    assertThat(zero.toFloatArray()).containsExactly(-.5f, -1f);
  }

  @Test
  void lars_leaves_a_norm_of_zero_alone() {
    NDArray weight = manager.create(new float[] {0, 0});
    OptimiserState byol = update(new Lars(.5, .9, 1e-3, .1, LarsForm.BYOL), weight);
    apply(byol, 0, .5, manager.create(new float[] {1, 2}));
    assertThat(weight.toFloatArray()).containsExactly(-.5f, -1f);
    apply(byol, 1, .5, manager.create(new float[] {0, 0}));
    NDArray still = manager.create(new float[] {0, 0});
    OptimiserState orl = update(new Lars(.5, .9, 1e-3, .1, LarsForm.ORL), still);
    apply(orl, 0, .5, manager.create(new float[] {0, 0}));
    assertThat(still.toFloatArray()).containsExactly(0f, 0f);
  }

  @Test
  void sgd_follows_a_slow_reference() {
    follows(new Sgd(.1, .9, .05, false), this::slowSgd);
    follows(new Sgd(.1, 0, .05, true), this::slowSgd);
  }

  @Test
  void lars_follows_a_slow_reference() {
    for (LarsForm form : LarsForm.values()) {
      follows(new Lars(.1, .9, .02, .05, form), this::slowLars);
    }
  }

  @Test
  void norms_are_those_before_clipping_of_all_gradients_and_of_each() {
    NDArray one = manager.create(new float[] {0, 0});
    NDArray other = manager.zeros(new Shape(3, 2, 2));
    OptimiserState update =
        OptimiserState.of(
            new Sgd(1, 0, 0, false),
            new Clipping(1, false),
            List.of(new Weight("a", one, true, 1, true), new Weight("b", other, true, 1, true)),
            manager);
    List<NDArray> gradients =
        List.of(manager.create(new float[] {3, 0}), manager.zeros(new Shape(3, 2, 2)).add(2));
    NDArray norms = update.apply(0, gradients, 1, 0, manager);
    float length = (float) Math.sqrt(9 + 48);
    assertThat(norms.toFloatArray())
        .containsExactly(new float[] {length, 3, (float) Math.sqrt(48)}, within(1e-6f));
    assertThat(one.toFloatArray()).containsExactly(new float[] {-3 / length, 0}, within(1e-6f));
  }

  @Test
  void clipped_per_array_only_long_gradients_become_shorter() {
    for (Optimiser plain :
        List.of(new Sgd(1, 0, 0, false), new Lars(1, 0, 1e-3, 0, LarsForm.BYOL))) {
      NDArray longer = manager.create(new float[] {0, 0});
      NDArray decayed = manager.create(new float[] {0});
      NDArray shorter = manager.create(new float[] {0, 0});
      OptimiserState update =
          OptimiserState.of(
              plain,
              new Clipping(2.5, true),
              List.of(
                  new Weight("longer", longer, false, 1, true),
                  new Weight("decayed", decayed, true, 1, true),
                  new Weight("shorter", shorter, false, 1, true)),
              manager);
      List<NDArray> gradients =
          List.of(
              manager.create(new float[] {3, 4}),
              manager.create(new float[] {-10}),
              manager.create(new float[] {1, 2}));
      update.apply(0, gradients, 1, 0, manager);
      assertThat(longer.toFloatArray()).containsExactly(new float[] {-1.5f, -2}, within(1e-6f));
      assertThat(decayed.toFloatArray()).containsExactly(new float[] {2.5f}, within(1e-6f));
      assertThat(shorter.toFloatArray()).containsExactly(-1, -2);
    }
  }

  @Test
  void norms_of_large_arrays_are_exact_to_float32() {
    int count = 1 << 20;
    float[] values = new float[count];
    Random random = new Random(5);
    double squares = 0;
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
      squares += (double) values[i] * values[i];
    }
    NDArray weight = manager.zeros(new Shape(1024, 1024));
    OptimiserState update = update(new Sgd(1, 0, 0, false), weight);
    NDArray norms =
        update.apply(0, List.of(manager.create(values, weight.getShape())), 1, 0, manager);
    assertThat((double) norms.toFloatArray()[0])
        .isCloseTo(Math.sqrt(squares), withinPercentage(1e-4));
  }

  @Test
  void constants_out_of_range_are_refused() {
    assertThatThrownBy(() -> new Sgd(0, .9, 0, true)).hasMessageContaining("learningRate");
    assertThatThrownBy(() -> new Sgd(1, 1, 0, true)).hasMessageContaining("momentum");
    assertThatThrownBy(() -> new Sgd(1, .9, -1, true)).hasMessageContaining("weightDecay");
    assertThatThrownBy(() -> new Lars(1, .9, 0, 0, LarsForm.ORL)).hasMessageContaining("trust");
    assertThatThrownBy(() -> new Optimiser.AdamW(1, 0, 1, .9)).hasMessageContaining("betas");
  }

  /** What a weight's move in one step depends on. */
  private record Moves(boolean decay, double rate, double weightDecay) {}

  /** How one weight moves in double. */
  private interface Slow {
    void step(
        Optimiser optimiser, double[] weight, double[] velocity, double[] gradient, Moves moves);
  }

  /** Gradients of three weights, whose norm together is 1. */
  private static double[][] gradientsOfLength1(Random random) {
    double[] all = random.doubles(3 * SIZE, -1, 1).toArray();
    double norm = norm(all);
    double[][] gradients = new double[3][SIZE];
    for (int i = 0; i < all.length; i++) {
      gradients[i / SIZE][i % SIZE] = all[i] / norm;
    }
    return gradients;
  }

  /** Three weights: one decayed, one not, one whose rate is not scheduled and scaled by half. */
  private void follows(Optimiser optimiser, Slow slow) {
    Random random = new Random(3);
    boolean[] decay = {true, false, true};
    double[][] expected = new double[3][];
    double[][] velocity = new double[3][SIZE];
    NDArray[] arrays = new NDArray[3];
    for (int i = 0; i < 3; i++) {
      expected[i] = random.doubles(SIZE, -2, 2).toArray();
      arrays[i] = array(expected[i]);
    }
    OptimiserState update =
        OptimiserState.of(
            optimiser,
            new Clipping(.5, false),
            List.of(
                new Weight("decayed", arrays[0], true, 1, true),
                new Weight("plain", arrays[1], false, 1, true),
                new Weight("fixed", arrays[2], true, .5, false)),
            manager);
    for (int step = 0; step < STEPS; step++) {
      double rate = .1 * (STEPS - step) / STEPS;
      double weightDecay = optimiser.weightDecay() * (1 + step);
      double[][] gradients = gradientsOfLength1(random);
      List<NDArray> given = Stream.of(gradients).map(this::array).toList();
      update.apply(step, given, rate, weightDecay, manager);
      given.forEach(gradient -> assertThat(gradient.toFloatArray()).containsOnly(0));
      for (int i = 0; i < 3; i++) {
        double own = i == 2 ? .5 * optimiser.learningRate() : rate;
        for (int j = 0; j < SIZE; j++) {
          gradients[i][j] *= .5;
        }
        Moves moves = new Moves(decay[i], own, weightDecay);
        slow.step(optimiser, expected[i], velocity[i], gradients[i], moves);
      }
    }
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < SIZE; j++) {
        assertThat((double) arrays[i].toFloatArray()[j]).isCloseTo(expected[i][j], within(2e-6));
      }
    }
  }

  /** torch.optim.SGD with dampening 0, without Nesterov. */
  private void slowSgd(Optimiser optimiser, double[] p, double[] v, double[] g, Moves moves) {
    Sgd sgd = (Sgd) optimiser;
    for (int i = 0; i < SIZE; i++) {
      double direction = g[i] + (moves.decay || sgd.decayAll() ? moves.weightDecay * p[i] : 0);
      v[i] = sgd.momentum() * v[i] + direction;
      p[i] -= moves.rate * v[i];
    }
  }

  private void slowLars(Optimiser optimiser, double[] p, double[] v, double[] g, Moves moves) {
    Lars lars = (Lars) optimiser;
    boolean all = lars.form() == LarsForm.LARC;
    boolean byRaw = all || lars.form() == LarsForm.ORL;
    boolean folded = lars.form() == LarsForm.ORL || lars.form() == LarsForm.SIMCLR;
    double raw = norm(g);
    double weightNorm = norm(p);
    double[] d = g.clone();
    for (int i = 0; i < SIZE && (moves.decay || all); i++) {
      d[i] += moves.weightDecay * p[i];
    }
    double below = byRaw ? raw + moves.weightDecay * weightNorm : norm(d);
    double factor = moves.decay || all ? lars.trust() * weightNorm / below : 1;
    for (int i = 0; i < SIZE; i++) {
      v[i] = lars.momentum() * v[i] + factor * d[i] * (folded ? moves.rate : 1);
      p[i] -= folded ? v[i] : moves.rate * v[i];
    }
  }

  private static double norm(double[] x) {
    double sum = 0;
    for (double value : x) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  private void apply(OptimiserState update, int step, double rate, NDArray gradient) {
    update.apply(step, List.of(gradient), rate, .1, manager);
  }

  private OptimiserState update(Optimiser optimiser, NDArray weight) {
    Weight decayed = new Weight("w", weight, true, 1, true);
    return OptimiserState.of(optimiser, Clipping.NONE, List.of(decayed), manager);
  }

  private static float[] velocity(OptimiserState update) {
    return update.kept().values().iterator().next().toFloatArray();
  }

  private NDArray array(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return manager.create(floats);
  }
}
