package downstream.pretrain.model.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.model.targets.MovingAverage.Momentum;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MovingAverageTest {
  private static final int STEPS = 10;

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void an_average_before_each_step_is_that_after_the_step_before() {
    Momentum momentum = Momentum.risingBeforeStep(.9);
    double[] trained = new Random(4).doubles(STEPS + 1).toArray(); // after so many updates
    NDArray weight = manager.create(new float[] {(float) trained[0]});
    NDArray average = manager.create(new float[1]);
    MovingAverage moving =
        new MovingAverage(momentum, List.of(weight("a", weight)), List.of(weight("b", average)));
    double expected = trained[0];
    for (int step = 0; step < STEPS; step++) {
      double tau = Momentum.risen(.9, step, STEPS); // the authors' order
      expected = tau * expected + (1 - tau) * trained[step];
      assertThat((double) average.toFloatArray()[0]).isCloseTo(expected, within(1e-6));
      weight.set(new float[] {(float) trained[step + 1]});
      moving.update(step(step));
    }
  }

  @Test
  void momentum_rises_after_the_update_or_stays() {
    assertThat(Momentum.rising(.996).after(0, 100)).isEqualTo(.996);
    assertThat(Momentum.rising(.996).after(50, 100)).isCloseTo(.998, within(1e-12));
    assertThat(Momentum.rising(.996).after(99, 100)).isCloseTo(.99999901, within(1e-8));
    assertThat(Momentum.risingBeforeStep(.99).after(99, 100)).isEqualTo(1);
    assertThat(Momentum.constant(.999).after(70, 100)).isEqualTo(.999);
    assertThatThrownBy(() -> Momentum.constant(1)).hasMessageContaining("targetMomentum");
  }

  @Test
  void arrays_without_a_partner_are_refused() {
    NDArray array = manager.create(new float[1]);
    assertThatThrownBy(
            () ->
                new MovingAverage(
                    Momentum.constant(.9), List.of(), List.of(weight("slots", array))))
        .hasMessage("1 averages of 0 arrays");
  }

  private static Weight weight(String name, NDArray array) {
    return new Weight(name, array, true, 1, true);
  }

  private Step step(int index) {
    return new Step(
        index, STEPS, manager, new ParameterStore(manager, false), new SplittableRandom(1));
  }
}
