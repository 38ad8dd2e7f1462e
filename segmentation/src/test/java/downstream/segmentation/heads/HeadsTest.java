package downstream.segmentation;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.train.Weight;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadsTest {
  private static final FeatureLevel LEVEL =
      new FeatureLevel("latent", 8, 6, FeatureLevel.Layout.MAP);

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"head: linear, headWidth: 0", "head: fcn, headWidth: 5"})
  void give_a_logit_for_every_class_and_cell(String changes) {
    NDArray logits = forward(head(changes, 1), manager.randomNormal(new Shape(2, 6, 3, 4)));

    assertThat(logits.getShape()).isEqualTo(new Shape(2, 7, 3, 4));
  }

  @ParameterizedTest
  @ValueSource(strings = {"head: linear, headWidth: 0", "head: fcn, headWidth: 5"})
  void draw_their_weights_from_the_seed_alone(String changes) {
    assertThat(weights(head(changes, 5))).isEqualTo(weights(head(changes, 5)));
    assertThat(weights(head(changes, 5))).isNotEqualTo(weights(head(changes, 6)));
  }

  @Test
  void linear_sees_one_cell_at_a_time_and_fcn_its_neighbours() {
    NDArray features = manager.randomNormal(new Shape(1, 6, 5, 5));
    NDArray changed = features.duplicate();
    changed.set(new ai.djl.ndarray.index.NDIndex(":, :, 2, 2"), array -> array.addi(1));

    assertThat(changedCells(head("head: linear, headWidth: 0", 1), features, changed)).isEqualTo(1);
    // Two 3×3 convolutions see 5×5 cells.
    assertThat(changedCells(head("head: fcn, headWidth: 5", 1), features, changed))
        .isBetween(10L, 25L);
  }

  private long changedCells(Block head, NDArray features, NDArray changed) {
    NDArray difference = forward(head, features).sub(forward(head, changed)).abs();
    return difference.sum(new int[] {1}).neq(0).countNonzero().getLong();
  }

  private NDArray forward(Block head, NDArray features) {
    return head.forward(new ParameterStore(manager, false), new NDList(features), false)
        .singletonOrThrow();
  }

  private Block head(String changes, long seed) {
    SegmentationProtocol protocol = Blocks.protocol(changes).as(SegmentationProtocol.class);
    return Heads.create(protocol, LEVEL, 7, seed, manager);
  }

  private static List<String> weights(Block head) {
    return Weight.of("head", head).stream()
        .map(weight -> weight.name() + Arrays.toString(weight.array().toFloatArray()))
        .toList();
  }
}
