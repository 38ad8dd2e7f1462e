package downstream.eval.train.optimiser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScalarScheduleTest {
  @Test
  void weight_decay_of_dino_rises_along_a_cosine() {
    ScalarSchedule decay = ScalarSchedule.cosine(.04, .4);
    assertThat(decay.at(0, 100)).isEqualTo(.04);
    assertThat(decay.at(25, 100)).isCloseTo(.09272078, within(1e-8));
    assertThat(decay.at(50, 100)).isCloseTo(.22, within(1e-12));
    assertThat(decay.at(99, 100)).isCloseTo(.39991118, within(1e-8));
  }

  @Test
  void momentum_of_dinos_teacher_rises_to_1() {
    ScalarSchedule momentum = ScalarSchedule.cosine(.996, 1);
    assertThat(momentum.at(0, 100)).isEqualTo(.996);
    assertThat(momentum.at(50, 100)).isCloseTo(.998, within(1e-12));
    assertThat(momentum.at(99, 100)).isCloseTo(.99999901, within(1e-8));
  }

  @Test
  void line_has_both_ends_within_its_share() {
    ScalarSchedule temperature = ScalarSchedule.linear(.04, .07, .3);
    assertThat(temperature.at(0, 10)).isEqualTo(.04);
    assertThat(temperature.at(1, 10)).isCloseTo(.055, within(1e-12));
    assertThat(temperature.at(2, 10)).isCloseTo(.07, within(1e-12));
    assertThat(temperature.at(9, 10)).isEqualTo(.07);
  }

  @Test
  void share_of_0_is_the_new_value_from_the_start() {
    assertThat(ScalarSchedule.linear(0, 1, 0).at(0, 10)).isEqualTo(1);
    assertThat(ScalarSchedule.constant(.3).at(7, 10)).isEqualTo(.3);
  }

  @Test
  void refuses_a_share_above_1() {
    assertThatThrownBy(() -> ScalarSchedule.linear(0, 1, 1.5))
        .hasMessageContaining("share must be in [0, 1], not 1.5");
  }
}
