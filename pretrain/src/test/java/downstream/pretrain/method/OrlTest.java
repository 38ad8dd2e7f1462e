package downstream.pretrain.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import downstream.eval.train.Examples;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.ObjectiveContractTest;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.TestPairs;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.MiningSettings;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.views.Photos;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OrlTest extends ObjectiveContractTest<List<float[]>> {
  private static final OrlSettings TINY =
      new OrlSettings(
          TestEncoders.VIT,
          4,
          8,
          .9,
          .08,
          .5,
          1,
          1,
          1,
          MiningSettings.ORL,
          .5,
          Optional.empty(),
          Optional.empty(),
          TrainingSettings.adamW(8, .1),
          Budget.epochs(20));

  @Override
  public PretrainingModel<List<float[]>> model() {
    return new Orl.OrlModel(TINY, 1, manager);
  }

  @Override
  public Examples<List<float[]>> examples(Photos photos) {
    return new OrlViews(photos, TestPairs.mine(images(), folder), TINY);
  }

  @Override
  public double learningRate() {
    return 3e-3;
  }

  @Test
  void each_of_the_three_losses_has_a_predictor_of_its_own() {
    List<String> names = model().weights().stream().map(Weight::name).toList();
    for (int kind = 0; kind < 3; kind++) {
      String prefix = "predictor" + kind;
      assertThat(names).filteredOn(name -> name.startsWith(prefix)).hasSize(5);
    }
  }

  @Test
  void six_views_of_two_sizes_come_of_an_image() throws Exception {
    List<float[]> views = batch(model()).get(0);
    assertThat(views).hasSize(6);
    for (int i = 0; i < 6; i++) {
      int side = i < 2 ? 16 : 8;
      assertThat(views.get(i)).hasSize(3 * side * side);
    }
  }

  @Test
  void presets_are_the_papers() {
    OrlSettings paper = OrlSettings.PAPER;
    assertThat(paper.regionViewSize()).isEqualTo(96);
    assertThat(paper.training().learningRate()).isCloseTo(.4, within(1e-12));
    assertThat(paper.training().weightDecay()).isEqualTo(1e-4);
    assertThat(paper.targetMomentum()).isEqualTo(.99);
    assertThat(paper.hiddenWidth()).isEqualTo(4096);
    assertThat(paper.projectorOutputWidth()).isEqualTo(256);
    assertThat(paper.stage1Settings().augmentation()).isEqualTo(ByolSettings.Augmentation.ORL);
    assertThat(paper.stage1Settings().budget()).isEqualTo(Budget.epochs(800));
    assertThat(paper.mining().pairSelection()).isEqualTo(MiningSettings.PairSelection.GLOBAL_TOP);
  }
}
