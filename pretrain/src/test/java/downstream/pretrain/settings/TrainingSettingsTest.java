package downstream.pretrain.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import downstream.eval.train.TrainingPlan;
import downstream.eval.train.optimiser.Clipping;
import downstream.eval.train.optimiser.Optimiser.Lars;
import downstream.eval.train.optimiser.Optimiser.LarsForm;
import downstream.pretrain.settings.TrainingSettings.RateScaling;
import downstream.pretrain.settings.TrainingSettings.RateSchedule;
import downstream.pretrain.settings.TrainingSettings.UpdateRule;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingSettingsTest {
  @Test
  void both_rates_of_simclr_are_equal_at_a_batch_of_4096() {
    assertThat(TrainingSettings.adamW(4096, .3).learningRate()).isEqualTo(4.8);
    TrainingSettings root = TrainingSettings.adamW(4096, .075).scaled(RateScaling.SQRT);
    assertThat(root.learningRate()).isCloseTo(4.8, within(1e-12));
    assertThat(TrainingSettings.adamW(256, .075).scaled(RateScaling.SQRT).learningRate())
        .isCloseTo(1.2, within(1e-12));
  }

  @Test
  void cosine_ends_at_its_floor() {
    TrainingSettings swav = // 4.8 to .0048
        new TrainingSettings(
                4096, UpdateRule.LARC, .3, 1e-6, .9, .95, .9, RateSchedule.COSINE, 0, 0, 0)
            .withFloor(.001);
    TrainingPlan plan = swav.plan(1000, 8192, 1, 1);
    assertThat(plan.rateAt(0)).isCloseTo(4.8, within(1e-12));
    assertThat(plan.rateAt(1000)).isCloseTo(.0048, within(1e-12));
  }

  @Test
  void rate_of_moco_v1_drops_at_three_and_four_fifths() {
    TrainingSettings moco =
        new TrainingSettings(
                256, UpdateRule.SGD, .03, 1e-4, .9, .95, .9, RateSchedule.STEP, 0, 0, 0)
            .withMilestones(List.of(.6, .8));
    TrainingPlan plan = moco.plan(200, 256, 1, 1); // an update an epoch
    assertThat(plan.rateAt(119)).isEqualTo(.03);
    assertThat(plan.rateAt(120)).isCloseTo(.003, within(1e-12));
    assertThat(plan.rateAt(159)).isCloseTo(.003, within(1e-12));
    assertThat(plan.rateAt(160)).isCloseTo(.0003, within(1e-12));
  }

  @Test
  void weight_decay_stays_unless_it_has_an_end() {
    TrainingSettings settings = TrainingSettings.adamW(64, 1e-3);
    assertThat(settings.plan(100, 64, 1, 1).weightDecayAt(99)).isEqualTo(.05);
    TrainingPlan moving = settings.withWeightDecayEnd(.15).plan(100, 64, 1, 1);
    assertThat(moving.weightDecayAt(0)).isEqualTo(.05);
    assertThat(moving.weightDecayAt(50)).isCloseTo(.1, within(1e-12));
    assertThatThrownBy(() -> settings.withWeightDecayEnd(-1))
        .hasMessageContaining("training.weightDecayEnd must not be negative: -1.0");
  }

  @Test
  void clipping_is_by_all_gradients_together_or_by_each_array() {
    TrainingSettings settings = TrainingSettings.adamW(64, 1e-3);
    assertThat(settings.clipped(3).plan(100, 64, 1, 1).clipping())
        .isEqualTo(new Clipping(3, false));
    assertThat(settings.clippedPerArray(3).plan(100, 64, 1, 1).clipping())
        .isEqualTo(new Clipping(3, true));
  }

  @Test
  void each_optimiser_has_its_form_of_lars() {
    assertThat(form(UpdateRule.LARS)).isEqualTo(LarsForm.BYOL);
    assertThat(form(UpdateRule.LARS_SIMCLR)).isEqualTo(LarsForm.SIMCLR);
    assertThat(form(UpdateRule.LARC)).isEqualTo(LarsForm.LARC);
  }

  private static LarsForm form(UpdateRule rule) {
    TrainingSettings settings =
        new TrainingSettings(256, rule, .3, 1e-6, .9, .95, .9, RateSchedule.COSINE, 0, 0, 0);
    return ((Lars) settings.plan(10, 256, 1, 1).optimiser()).form();
  }

  @Test
  void replacing_one_setting_keeps_all_others() {
    TrainingSettings before = TrainingSettings.adamW(48, 1e-3).withMilestones(List.of(.5));
    TrainingSettings after = before.clipped(3);
    assertThat(after.clip()).isEqualTo(3);
    assertThat(after.clipped(before.clip())).isEqualTo(before);
  }

  @Test
  void floor_and_milestones_out_of_range_are_refused() {
    TrainingSettings settings = TrainingSettings.adamW(64, 1e-3);
    assertThatThrownBy(() -> settings.withFloor(1.5)).hasMessageContaining("training.floor");
    assertThatThrownBy(() -> settings.withMilestones(List.of(.8, .6)))
        .hasMessageContaining("milestones are ascending shares in (0, 1), not [0.8, 0.6]");
  }
}
