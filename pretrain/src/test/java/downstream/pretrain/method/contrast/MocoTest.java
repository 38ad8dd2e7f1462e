package downstream.pretrain.method.contrast;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.BadInput;
import downstream.eval.train.Examples;
import downstream.eval.train.Gradients;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.model.Similarity;
import downstream.pretrain.model.targets.Queue;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.settings.TrainingSettings.RateSchedule;
import downstream.pretrain.views.Photos;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Version 2 on a transformer, and what all versions share. */
class MocoTest extends ContrastContractTest<List<float[]>> {
  static final MocoSettings TINY = settings(TestEncoders.VIT, 2);

  static MocoSettings settings(EncoderSettings encoder, int version) {
    return new MocoSettings(
        encoder,
        version,
        0,
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
    return new Moco.MocoModel(TINY, 1, manager);
  }

  @Override
  public Examples<List<float[]>> examples(Photos photos) {
    return Moco.views(TINY, photos);
  }

  /** It rises first, as keys of other images take the place of random rows: 17 candidates. */
  @Override
  public boolean hasFallen(double first, double last) {
    return last < .9 * Math.log(17);
  }

  @Test
  void loss_of_known_queries_keys_and_queue_is_known() {
    NDArray q = Similarity.normalised(rows(3, 4, 0, 2));
    NDArray k = Similarity.normalised(rows(4, 3, 1, 0));
    NDArray queue = rows(1, 0, 0, 1, -1, 0);
    assertThat(loss(q, k, queue, .07)).isCloseTo(7.193929820, within(2e-6));
    assertThat(loss(q, k, queue, .2)).isCloseTo(2.749685242, within(2e-6));
    assertThat(loss(q.get("0:1"), k.get("0:1"), queue, .2)).isCloseTo(.479358230, within(2e-6));
    assertThat(loss(q.get("1:2"), k.get("1:2"), queue, .2)).isCloseTo(5.020012253, within(2e-6));
  }

  private static double loss(NDArray q, NDArray k, NDArray queue, double temperature) {
    return Similarity.infoNce(Moco.MocoModel.logits(q, k, q.matMul(queue.transpose()), temperature))
        .getFloat();
  }

  private NDArray rows(float... values) {
    return manager.create(values, new Shape(values.length / 2, 2));
  }

  @Test
  void loss_of_version_3_is_known() {
    NDArray a = rows(1, 0, 0, 1);
    NDArray b = rows(3, 4, 4, 3);
    double cold = .4 * Moco.MocoModel.batchLoss(a, b, .2).getFloat();
    assertThat(cold).isCloseTo(.525304675, within(1e-6));
    double warm = 2 * Moco.MocoModel.batchLoss(a, b, 1).getFloat();
    assertThat(warm).isCloseTo(1.596277739, within(1e-6));
  }

  @Test
  void heads_of_the_papers_have_as_many_parameters_as_theirs() {
    assertThat(Moco.projector(MocoSettings.PAPER_V1, manager).parameters()).isEqualTo(262_272);
    assertThat(Moco.projector(MocoSettings.PAPER, manager).parameters()).isEqualTo(4_458_624);
    MocoSettings v3 = MocoSettings.PAPER_V3;
    assertThat(v3.encoder().embeddingWidth()).isEqualTo(384);
    assertThat(Moco.projector(v3, manager).parameters()).isEqualTo(19_415_040);
    assertThat(Moco.predictor(v3, manager).parameters()).isEqualTo(2_105_344);
  }

  @Test
  void presets_are_the_papers() {
    assertThat(MocoSettings.PAPER_V1.divisor()).isEqualTo(.07);
    assertThat(MocoSettings.PAPER.divisor()).isEqualTo(.2);
    assertThat(MocoSettings.PAPER_V3.divisor()).isEqualTo(.2);
    assertThat(settings(EncoderSettings.RESNET_50, 3).divisor()).isEqualTo(1);
    assertThat(MocoSettings.PAPER.queueLength()).isEqualTo(65_536);
    assertThat(MocoSettings.PAPER.training().learningRate()).isEqualTo(.03);
    assertThat(MocoSettings.PAPER.training().schedule()).isEqualTo(RateSchedule.COSINE_PER_EPOCH);
    assertThat(MocoSettings.PAPER_V1.training().milestones()).containsExactly(.6, .8);
    assertThat(MocoSettings.PAPER_V3.training().learningRate()).isCloseTo(.0024, within(1e-12));
  }

  /** The keys of a step become negatives after its update, never within it. */
  @Test
  void keys_join_the_queue_after_the_update() throws IOException {
    PretrainingModel<List<float[]>> model = model();
    NDArray queue = requireNonNull(model.state().get("queue.rows"));
    float[] before = queue.toFloatArray();
    float[] during = new float[1];
    Gradients.without(
        () -> {
          try (NDManager scope = manager.newSubManager()) {
            Step step = step(scope);
            model.losses(batch(model), step);
            during[0] = queue.toFloatArray()[0];
            model.afterUpdate(step);
          }
          return null;
        });
    assertThat(during[0]).isEqualTo(before[0]);
    float[] after = queue.toFloatArray();
    assertThat(Arrays.copyOfRange(after, 64, 128)).isEqualTo(Arrays.copyOfRange(before, 64, 128));
    for (int row = 0; row < 8; row++) {
      float[] key = Arrays.copyOfRange(after, row * 8, row * 8 + 8);
      assertThat(key).isNotEqualTo(Arrays.copyOfRange(before, row * 8, row * 8 + 8));
      double length = 0;
      for (float value : key) {
        length += value * value;
      }
      assertThat(length).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void key_network_starts_as_a_copy_and_moves_by_a_constant_share() {
    Moco.MocoModel model = new Moco.MocoModel(TINY, 1, manager);
    Weight weight = model.weights().get(0);
    NDArray key = requireNonNull(model.state().get("target." + weight.name()));
    float before = key.toFloatArray()[0];
    assertThat(before).isEqualTo(weight.array().toFloatArray()[0]);
    weight.array().addi(1);
    try (NDManager scope = manager.newSubManager()) {
      model.losses(List.of(views(), views()), step(scope));
      model.afterUpdate(step(scope));
    }
    assertThat(key.toFloatArray()[0]).isCloseTo(before + .1f, within(1e-6f));
  }

  private static List<float[]> views() {
    return List.of(new float[3 * 16 * 16], new float[3 * 16 * 16]);
  }

  @Test
  void frozen_patches_are_kept_and_not_trained() {
    Map<String, NDArray> state =
        new Moco.MocoModel(settings(TestEncoders.VIT.withFrozenPatches(), 2), 1, manager).state();
    assertThat(state).containsKeys("encoder.patch_embed.weight", "encoder.patch_embed.bias");
    List<Weight> weights =
        new Moco.MocoModel(settings(TestEncoders.VIT.withFrozenPatches(), 2), 1, manager).weights();
    assertThat(weights).noneMatch(weight -> weight.name().contains("patch_embed"));
    assertThat(model().weights()).anyMatch(weight -> weight.name().contains("patch_embed"));
  }

  @Test
  void settings_that_cannot_be_are_refused() {
    assertThatThrownBy(() -> settings(TestEncoders.VIT, 4)).hasMessageContaining("version");
    assertThatThrownBy(
            () ->
                new MocoSettings(
                    TestEncoders.RESNET,
                    1,
                    0,
                    0,
                    8,
                    16,
                    .9,
                    8,
                    .3,
                    TrainingSettings.adamW(8, .1),
                    Budget.epochs(1)))
        .hasMessageContaining("training.batch must be at least twice batchNormGroups 8, not 8");
    assertThatThrownBy(() -> Queue.checkImages("queueLength", 16, 8, 16))
        .isInstanceOf(BadInput.class);
  }
}
