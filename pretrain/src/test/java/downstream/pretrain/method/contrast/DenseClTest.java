package downstream.pretrain.method.contrast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import downstream.eval.train.Examples;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.method.contrast.DenseCl.DenseClModel;
import downstream.pretrain.model.HeadLayers.Start;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.model.Similarity;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.views.Photos;
import java.util.List;
import org.junit.jupiter.api.Test;

class DenseClTest extends ContrastContractTest<List<float[]>> {
  private static final DenseClSettings TINY = settings(TestEncoders.VIT);

  private static DenseClSettings settings(EncoderSettings encoder) {
    return new DenseClSettings(
        encoder,
        .2,
        .5,
        0,
        8,
        16,
        .9,
        2,
        .3,
        TrainingSettings.adamW(8, .1).clipped(1),
        Budget.epochs(20));
  }

  @Override
  public PretrainingModel<List<float[]>> model() {
    return new DenseClModel(TINY, 1, manager);
  }

  @Override
  public Examples<List<float[]>> examples(Photos photos) {
    return DenseCl.views(TINY, photos);
  }

  /** It rises first, as keys of other images take the place of random rows: 17 candidates. */
  @Override
  public boolean hasFallen(double first, double last) {
    return last < .9 * Math.log(17);
  }

  @Test
  void partner_of_a_cell_is_the_cell_whose_features_are_most_alike() {
    NDArray query = rows(1, 0, 0, 1);
    NDArray key = rows(.6f, .8f, .8f, .6f);
    NDArray projections = rows(0, 1, .6f, .8f);
    NDArray partners = DenseClModel.partners(query, key, projections);
    assertThat(partners.toFloatArray()).containsExactly(.6f, .8f, 0, 1);
    assertThat(query.mul(partners).sum(new int[] {2}).toFloatArray())
        .containsExactly(new float[] {.6f, 1}, within(1e-6f));
  }

  @Test
  void loss_of_known_cells_is_known() {
    NDArray q = rows(1, 0, 0, 1);
    NDArray partners =
        DenseClModel.partners(q, rows(.6f, .8f, .8f, .6f), rows(0, 1, .6f, .8f)).reshape(2, 2);
    NDArray cells = q.reshape(2, 2);
    NDArray queue = Similarity.normalised(rows(1, 1, -1, 0)).reshape(2, 2);
    NDArray logits = Moco.MocoModel.logits(cells, partners, cells.matMul(queue.transpose()), .2);
    assertThat((double) Similarity.infoNce(logits).getFloat()).isCloseTo(.604957678, within(1e-6));
  }

  /** An image of two cells. */
  private NDArray rows(float... values) {
    return manager.create(values, new Shape(1, 2, 2));
  }

  @Test
  void both_heads_of_the_paper_have_8_917_248_parameters() {
    DenseClSettings paper = DenseClSettings.PAPER;
    long image = DenseCl.Network.head(paper, Start.KAIMING, manager).parameters();
    assertThat(2 * image).isEqualTo(8_917_248);
    assertThat(paper.cells()).isEqualTo(49);
    assertThat(paper.training().learningRate()).isEqualTo(.3);
  }

  @Test
  void both_heads_are_trained_and_averaged() {
    DenseClModel model = new DenseClModel(TINY, 1, manager);
    for (String head : List.of("projector", "dense_projector")) {
      assertThat(model.weights().stream().map(Weight::name).filter(n -> n.startsWith(head)))
          .hasSize(4);
      assertThat(model.state().keySet().stream().filter(n -> n.startsWith("target." + head)))
          .hasSize(4);
    }
    assertThat(model.state())
        .containsKeys("queue.rows", "queue.pointer", "dense_queue.rows", "dense_queue.pointer");
  }

  @Test
  void cells_of_a_resnet_are_those_of_its_last_level() {
    DenseClModel model = new DenseClModel(settings(TestEncoders.RESNET), 1, manager);
    NDArray images = manager.randomNormal(new Shape(2, 3, 64, 64));
    var store = step(manager).store();
    NDArray cells = model.encoder().cells(store, images, true);
    assertThat(cells.getShape()).isEqualTo(new Shape(2, 4, 16));
    assertThat(cells.mean(new int[] {1}).toFloatArray())
        .containsExactly(
            model.encoder().embedding(store, images, true).toFloatArray(), within(1e-5f));
  }
}
