package downstream.pretrain.method.contrast;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import downstream.eval.train.Gradients;
import downstream.eval.train.Losses;
import downstream.pretrain.ObjectiveContractTest;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.TestImages;
import downstream.pretrain.method.contrast.Siamese.PairLoss;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.CropSettings;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.views.Photos;
import downstream.pretrain.views.SimSiamView;
import downstream.pretrain.views.TwoViews;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The methods on a ResNet of one cell; {@link MocoOnResNetTest} has MoCo. */
class ContrastOnResNetTest {
  private static final TrainingSettings TRAINING = TrainingSettings.adamW(8, .1);
  private static final Budget BUDGET = Budget.epochs(1);

  @TempDir Path folder;
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void simclr_normalises_both_views_by_one_set_of_statistics() throws IOException {
    SimClrSettings settings = SimClrSettings.of(TestEncoders.RESNET, .2, 2, 8, TRAINING, BUDGET);
    SimClr.SimClrModel model = new SimClr.SimClrModel(settings, 1, manager);
    List<List<float[]>> batch = PretrainingModel.sample(SimClr.views(settings, photos()), 8);
    List<List<float[]>> swapped =
        batch.stream().map(example -> List.of(example.get(1), example.get(0))).toList();
    float first = loss(model, batch);
    assertThat(loss(model, swapped)).isBetween(first - 1e-4f, first + 1e-4f);
    assertThat(first).isBetween(2f, 12f);
  }

  @Test
  void densecl_and_slotcon_have_losses() throws IOException {
    DenseClSettings dense =
        new DenseClSettings(TestEncoders.RESNET, .2, .5, 0, 8, 16, .9, 2, .2, TRAINING, BUDGET);
    SlotConSettings slots = SlotConSettings.of(TestEncoders.RESNET, 6, 8, TRAINING, BUDGET);
    assertThat(
            loss(
                new DenseCl.DenseClModel(dense, 1, manager),
                PretrainingModel.sample(DenseCl.views(dense, photos()), 8)))
        .isBetween(.5f, 6f);
    assertThat(
            loss(
                new SlotCon.SlotConModel(slots, 1, manager),
                PretrainingModel.sample(SlotCon.views(slots, photos()), 8)))
        .isBetween(.2f, 12f);
  }

  @Test
  void siamese_and_swav_have_losses() throws IOException {
    SiameseSettings pairs =
        new SiameseSettings(TestEncoders.RESNET, 2, 8, PairLoss.MARGIN, 1, 1, .2, TRAINING, BUDGET);
    CropSettings sizes = new CropSettings(2, 16, .14, .05, .14);
    SwavSettings crops = SwavSettings.of(TestEncoders.RESNET, sizes, 8, 6, 0, TRAINING, BUDGET);
    SimSiamView view = new SimSiamView(32, .2);
    assertThat(
            loss(
                new Siamese.SiameseModel(pairs, 1, manager),
                PretrainingModel.sample(new TwoViews(photos(), view, view), 8)))
        .isBetween(.01f, 1f);
    assertThat(
            loss(
                new Swav.SwavModel(crops, 0, 1, manager),
                PretrainingModel.sample(Swav.views(crops, photos()), 8)))
        .isBetween(.5f, 8f);
  }

  private Photos photos() {
    return new Photos(TestImages.write(folder.resolve("images"), 8));
  }

  private float loss(PretrainingModel<List<float[]>> model, List<List<float[]>> batch)
      throws IOException {
    try (NDManager scope = manager.newSubManager()) {
      return Gradients.without(
          () -> {
            Losses losses = model.losses(batch, ObjectiveContractTest.step(scope));
            assertThat(losses.terms().values())
                .allSatisfy(term -> assertThat(finite(term)).isTrue());
            return losses.total().getFloat();
          });
    }
  }

  private static boolean finite(NDArray scalar) {
    return Float.isFinite(scalar.getFloat());
  }
}
