package downstream.pretrain.method.contrast;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.train.Examples;
import downstream.eval.train.Gradients;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.method.contrast.SlotCon.Groups;
import downstream.pretrain.method.contrast.SlotCon.SlotConModel;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.views.Photos;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlotConTest extends ContrastContractTest<List<float[]>> {
  private static final SlotConSettings TINY =
      SlotConSettings.of(
          TestEncoders.VIT, 6, 8, TrainingSettings.adamW(8, .1).clipped(1), Budget.epochs(20));

  @Override
  public PretrainingModel<List<float[]>> model() {
    return new SlotConModel(TINY, 1, manager);
  }

  @Override
  public Examples<List<float[]>> examples(Photos photos) {
    return SlotCon.views(TINY, photos);
  }

  /** Which slots are present is not differentiable. */
  @Override
  public double differenceStep() {
    return 1e-4;
  }

  @Test
  void scores_and_values_of_known_cells_and_slots_are_known() {
    NDArray cells = manager.create(new float[] {2, 0, 0, 1, 1, 1}, new Shape(1, 3, 2));
    NDArray slots = manager.create(new float[] {1, 0, 0, 1}, new Shape(2, 2));
    Groups groups = Groups.of(cells, slots, .07);
    float half = (float) Math.sqrt(.5);
    assertThat(groups.scores().toFloatArray())
        .containsExactly(new float[] {1, 0, 0, 1, half, half}, within(1e-6f));
    assertThat(groups.values().toFloatArray())
        .containsExactly(new float[] {1.6666645f, .3333344f, .3333355f, .9999989f}, within(2e-6f));
  }

  @Test
  void slots_are_present_where_they_are_the_best_of_a_cell() {
    NDArray scores =
        manager.create(
            new float[] {.1f, .5f, .2f, .3f, .9f, 0, .7f, .1f, 0, .6f, 0, .8f}, new Shape(2, 2, 3));
    assertThat(new Groups(scores, scores).present().toFloatArray())
        .containsExactly(0, 1, 0, 1, 0, 1);
  }

  @Test
  void slots_are_numbered_among_those_that_are_present() {
    NDArray present = manager.create(new float[] {0, 1, 1, 0, 1, 1});
    NDArray places = manager.create(new long[] {1, 4, 5});
    assertThat(SlotConModel.numbers(present, places).toLongArray()).containsExactly(0, 2, 3);
  }

  @Test
  void centre_and_teacher_move_after_the_update() throws IOException {
    PretrainingModel<List<float[]>> model = model();
    NDArray centre = requireNonNull(model.state().get("centre"));
    NDArray slots = requireNonNull(model.state().get("target.slots"));
    float before = slots.toFloatArray()[0];
    Gradients.without(
        () -> {
          try (NDManager scope = manager.newSubManager()) {
            Step step = step(scope);
            model.losses(batch(model), step);
            assertThat(centre.toFloatArray()).containsOnly(0);
            trained(model, "slots").addi(1);
            model.afterUpdate(step);
          }
          return null;
        });
    assertThat(centre.toFloatArray()).doesNotContain(0f);
    double tau = 1 - .01 * (Math.cos(Math.PI * 4 / 10) + 1) / 2; // of the next step
    assertThat((double) slots.toFloatArray()[0]).isCloseTo(before + 1 - tau, within(1e-6));
  }

  private static NDArray trained(PretrainingModel<List<float[]>> model, String name) {
    return model.weights().stream()
        .filter(weight -> weight.name().equals(name))
        .map(Weight::array)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void heads_and_slots_of_the_paper_have_as_many_parameters_as_theirs() {
    SlotConSettings paper = SlotConSettings.PAPER;
    assertThat(SlotCon.head(2048, paper, manager).parameters()).isEqualTo(26_239_232);
    assertThat(SlotCon.head(256, paper, manager).parameters()).isEqualTo(18_899_200);
    assertThat(paper.slots() * paper.projectorOutputWidth()).isEqualTo(65_536);
    assertThat(paper.training().learningRate()).isEqualTo(2);
    assertThat(paper.training().floor() * 2).isCloseTo(1e-6, within(1e-12));
  }
}
