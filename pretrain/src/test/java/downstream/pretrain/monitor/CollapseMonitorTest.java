package downstream.pretrain.monitor;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.train.TrainingStopped;
import downstream.pretrain.settings.MonitorSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CollapseMonitorTest {
  private static final int STEPS = 100;

  private final NDManager manager = NDManager.newBaseManager();
  private final NDArray point = rows(new Random(1), 1, 64).broadcast(new Shape(256, 64));
  private final NDArray spread = rows(new Random(2), 256, 64);

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void spread_is_0_for_one_point_and_about_1_for_random_directions() {
    assertThat(CollapseMonitor.spread(point).getFloat()).isCloseTo(0, within(1e-4f));
    assertThat(CollapseMonitor.spread(spread).getFloat()).isCloseTo(1, within(.02f));
  }

  @Test
  void spread_equals_a_slow_reference() {
    int count = 7;
    int width = 5;
    NDArray z = rows(new Random(3), count, width);
    float[] flat = z.toFloatArray();
    double sum = 0;
    double[][] unit = new double[count][width];
    for (int n = 0; n < count; n++) {
      double length = 0;
      for (int i = 0; i < width; i++) {
        length += (double) flat[n * width + i] * flat[n * width + i];
      }
      for (int i = 0; i < width; i++) {
        unit[n][i] = flat[n * width + i] / Math.sqrt(length);
      }
    }
    for (int i = 0; i < width; i++) {
      double mean = 0;
      double square = 0;
      for (int n = 0; n < count; n++) {
        mean += unit[n][i] / count;
        square += unit[n][i] * unit[n][i] / count;
      }
      sum += Math.sqrt(square - mean * mean);
    }
    assertThat((double) CollapseMonitor.spread(z).getFloat())
        .isCloseTo(Math.sqrt(width) * sum / width, within(1e-5));
  }

  @Test
  void collapse_is_1_for_one_point_and_about_0_for_random_directions() {
    assertThat(collapse(monitor(1), 0, point)).isCloseTo(1, within(1e-3));
    assertThat(collapse(monitor(1), 0, spread)).isCloseTo(0, within(.02));
  }

  /** Nine parts of what was and one of what is, from the first step on: 1, then 0, 0. */
  @Test
  void collapse_is_smoothed_without_a_bias_towards_the_start() {
    CollapseMonitor monitor = monitor(1);
    double first = collapse(monitor, 0, point);
    double none = collapse(monitor(1), 0, spread);
    assertThat(collapse(monitor, 1, spread)).isCloseTo((.9 * first + none) / 1.9, within(1e-5));
    assertThat(collapse(monitor, 2, spread))
        .isCloseTo((.81 * first + 1.9 * none) / 2.71, within(1e-5));
  }

  @Test
  void stops_after_the_warm_up_saying_what_collapsed_when_and_what_to_do() {
    CollapseMonitor monitor = monitor(.9);
    assertThat(collapse(monitor, 19, point)).isGreaterThan(.99);
    assertThatThrownBy(() -> collapse(monitor, 20, point))
        .isInstanceOf(Collapse.class)
        .isInstanceOf(TrainingStopped.class)
        .hasMessageStartingWith(
            "toy: the projections collapsed at step 20: collapse 1.000 is above 0.900")
        .hasMessageContaining("√d × standard deviation is 0.0000")
        .hasMessageContaining("Check stop-gradient and predictor");
  }

  @Test
  void a_spread_one_goes_on() {
    CollapseMonitor monitor = monitor(.9);
    for (int step = 0; step < STEPS; step++) {
      assertThat(collapse(monitor, step, spread)).isLessThan(.05);
    }
  }

  @Test
  void its_state_is_all_that_it_carries_on() {
    CollapseMonitor one = monitor(1);
    CollapseMonitor two = monitor(1);
    collapse(one, 0, point);
    carried(one).copyTo(carried(two));
    assertThat(collapse(two, 1, spread)).isEqualTo(collapse(one, 1, spread));
  }

  @Test
  void gradient_does_not_pass_through_it() {
    NDArray weight = rows(new Random(4), 8, 4);
    weight.setRequiresGradient(true);
    NDArray z = weight.square();
    monitor(1).record(z);
    assertThat(z.getManager().getManagedArrays()).isNotEmpty();
    try (var collector = ai.djl.engine.Engine.getInstance().newGradientCollector()) {
      NDArray y = weight.square();
      monitor(1).record(y);
      collector.backward(y.sum());
    }
    float[] values = weight.toFloatArray();
    float[] gradient = weight.getGradient().toFloatArray();
    for (int i = 0; i < values.length; i++) {
      assertThat(gradient[i]).isEqualTo(2 * values[i]);
    }
  }

  private CollapseMonitor monitor(double limit) {
    MonitorSettings settings = new MonitorSettings(0, 2, 2, 1, .2, limit, 1);
    return new CollapseMonitor("toy", "projections", settings, manager);
  }

  private double collapse(CollapseMonitor monitor, int index, NDArray projections) {
    monitor.record(projections);
    Map<String, Double> observed = new HashMap<>();
    monitor.measure().forEach((name, value) -> observed.put(name, (double) value.getFloat()));
    monitor.check(index, STEPS, observed);
    assertThat(observed).containsOnlyKeys("spread.projections", "collapse.projections");
    return requireNonNull(observed.get("collapse.projections"));
  }

  private static NDArray carried(CollapseMonitor monitor) {
    return requireNonNull(monitor.state().get("collapse.projections"));
  }

  private NDArray rows(Random random, int count, int width) {
    float[] values = new float[count * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return manager.create(values, new Shape(count, width));
  }
}
