package downstream.eval.train.optimiser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import downstream.eval.train.optimiser.Schedule.Constant;
import downstream.eval.train.optimiser.Schedule.Cosine;
import downstream.eval.train.optimiser.Schedule.Drops;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void rises_linearly_and_falls_along_a_cosine_as_mae_does() {
    Schedule mae = Schedule.cosine(.05); // one step an epoch, 40 of 800 epochs
    double[][] expected = {{0, 0}, {20, .0012}, {40, .0024}, {420, .0012}, {800, 0}};
    for (double[] point : expected) {
      assertThat(mae.rate(2.4e-3, point[0], 800)).isCloseTo(point[1], offset(1e-12));
    }
  }

  /** To the last bit: stored runs were trained by these rates. */
  @Test
  void is_exactly_the_formula_of_mae() {
    double base = 3.7e-4;
    int steps = 613;
    double rising = .05 * steps;
    for (int step = 0; step < steps; step++) {
      double expected =
          step < rising
              ? base * step / rising
              : base * 0.5 * (1 + Math.cos(Math.PI * (step - rising) / (steps - rising)));
      assertThat(Schedule.cosine(.05).rate(base, step, steps)).isEqualTo(expected);
    }
  }

  /** mmseg's PolyLR: (base − least) · (1 − t / T)^power + least, from the end of the rise on. */
  @Test
  void falls_along_a_power_of_what_is_left() {
    Schedule voc = new Schedule(0, 0, new Schedule.Polynomial(.9, .01), 1);
    for (int step : new int[] {0, 1, 5000, 19_999}) {
      double expected = (.01 - 1e-4) * Math.pow(1 - step / 20_000.0, .9) + 1e-4;
      assertThat(voc.rate(.01, step, 20_000)).isCloseTo(expected, offset(1e-15));
    }
    Schedule ade = new Schedule(.1, 0, new Schedule.Polynomial(1, 0), 1);
    double[][] expected = {{0, 0}, {50, .5}, {100, 1}, {550, .5}, {1000, 0}};
    for (double[] point : expected) {
      assertThat(ade.rate(1, point[0], 1000)).isCloseTo(point[1], offset(1e-12));
    }
    assertThatThrownBy(() -> new Schedule.Polynomial(0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the power must be positive, not 0.0");
  }

  @Test
  void moves_once_an_epoch_as_simsiam_does() {
    int each = 7;
    Schedule simsiam = new Schedule(0, 0, new Cosine(0, false), each);
    double[][] expected = {{0, .1}, {50, .05}, {99, 2.467198e-5}};
    for (double[] point : expected) {
      for (int step = 0; step < each; step++) {
        assertThat(simsiam.rate(.1, point[0] * each + step, 100 * each))
            .isCloseTo(point[1], offset(1e-10));
      }
    }
  }

  @Test
  void cosine_ends_at_its_floor() {
    Schedule ringmo = new Schedule(.1, .005, new Cosine(.005, false), 1);
    assertThat(ringmo.rate(1e-4, 0, 200)).isCloseTo(5e-7, offset(1e-15));
    assertThat(ringmo.rate(1e-4, 10, 200)).isCloseTo(.5025e-4, offset(1e-15));
    assertThat(ringmo.rate(1e-4, 20, 200)).isCloseTo(1e-4, offset(1e-15));
    assertThat(ringmo.rate(1e-4, 110, 200)).isCloseTo(.5025e-4, offset(1e-15));
    assertThat(ringmo.rate(1e-4, 200, 200)).isCloseTo(5e-7, offset(1e-15));
  }

  /** 800 epochs of 10 steps, 4 of them rising step by step under a cosine of the whole run. */
  @Test
  void rise_multiplies_a_cosine_over_the_whole_run_as_in_orl() {
    Schedule orl = new Schedule(4.0 / 800, 1e-4, new Cosine(0, true), 10);
    assertThat(orl.rate(.4, 0, 8000)).isCloseTo(.4e-4, offset(1e-12));
    double second = .5 * (1 + Math.cos(Math.PI / 800));
    double risen = 1e-4 + (1 - 1e-4) * 15 / 40;
    assertThat(orl.rate(.4, 15, 8000)).isCloseTo(.4 * second * risen, offset(1e-12));
    assertThat(orl.rate(.4, 4005, 8000)).isCloseTo(.2, offset(1e-12));
  }

  @Test
  void drops_at_milestones() {
    Schedule simmim = new Schedule(.0125, 0, new Drops(List.of(.875), .1), 1);
    assertThat(simmim.rate(1, 5, 800)).isCloseTo(.5, offset(1e-12));
    assertThat(simmim.rate(1, 699, 800)).isEqualTo(1);
    assertThat(simmim.rate(1, 700, 800)).isCloseTo(.1, offset(1e-12));
    Schedule twice = new Schedule(0, 0, new Drops(List.of(.5, .75), .1), 1);
    assertThat(twice.rate(1, 799, 800)).isCloseTo(.01, offset(1e-12));
  }

  @Test
  void constant_stays() {
    Schedule constant = new Schedule(0, 0, new Constant(), 1);
    assertThat(constant.rate(.3, 0, 10)).isEqualTo(.3);
    assertThat(constant.rate(.3, 9, 10)).isEqualTo(.3);
  }

  @Test
  void refuses_what_is_no_share() {
    assertThatThrownBy(() -> Schedule.cosine(1)).hasMessageContaining("warmup is a share");
    assertThatThrownBy(() -> new Schedule(0, 2, new Constant(), 1)).hasMessageContaining("[0, 1]");
    assertThatThrownBy(() -> new Schedule(0, 0, new Constant(), 0))
        .hasMessageContaining("positive");
    assertThatThrownBy(() -> new Cosine(-1, false)).hasMessageContaining("floor");
    assertThatThrownBy(() -> new Drops(List.of(.5, .4), .1)).hasMessageContaining("ascending");
    assertThatThrownBy(() -> new Drops(List.of(.5), 0)).hasMessageContaining("factor");
  }
}
