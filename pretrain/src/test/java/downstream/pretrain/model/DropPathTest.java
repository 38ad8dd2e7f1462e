package downstream.pretrain.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import downstream.pretrain.settings.BlockSettings;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.Network;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DropPathTest {
  private static final EncoderSettings VIT =
      new EncoderSettings(Network.VIT_MICRO, 16, 8, 16, 3, 2, true, false);
  private static final int IMAGES = 40;

  private final NDManager manager = NDManager.newBaseManager();
  private final ParameterStore store = new ParameterStore(manager, false);
  private final Encoder plain = new Encoder(VIT, 1, manager);

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void branch_by_branch_it_is_the_graph_itself() {
    BlockSettings scaled = new BlockSettings(.1, false);
    EncoderSettings vit =
        new EncoderSettings(
            Network.VIT_MICRO,
            16,
            8,
            16,
            3,
            2,
            false,
            false,
            false,
            scaled,
            Optional.empty(),
            Optional.empty());
    NDArray images = images();
    for (Encoder encoder : List.of(plain, new Encoder(vit, 1, manager))) {
      float[] expected = encoder.latent(store, images, true).toFloatArray();
      assertThat(encoder.withDropPath(1e-9).latent(store, images, true).toFloatArray())
          .containsExactly(expected, within(1e-5f));
    }
  }

  @Test
  void drops_nothing_in_inference() {
    NDArray images = images();
    assertThat(plain.withDropPath(.9).latent(store, images, false).toFloatArray())
        .isEqualTo(plain.latent(store, images, false).toFloatArray());
  }

  @Test
  void images_and_smaller_images_and_patches_are_alike() {
    Encoder dropping = plain.withDropPath(.5);
    NDArray images = images();
    float[] whole = seeded(() -> dropping.latent(store, images, true));
    NDArray patches = plain.patches(store, images, true);
    assertThat(seeded(() -> dropping.latentOfPatches(store, patches, true)))
        .containsExactly(whole, within(1e-5f));
    NDArray positioned = plain.positioned(store, images, true);
    assertThat(seeded(() -> dropping.encode(store, positioned, true)))
        .containsExactly(whole, within(1e-5f));
  }

  private static float[] seeded(Supplier<NDArray> run) {
    Engine.getInstance().setRandomSeed(4);
    return run.get().toFloatArray();
  }

  @Test
  void equal_images_differ_by_the_branches_that_are_left_out() {
    NDArray one = manager.randomUniform(-1, 1, new Shape(1, 3, 16, 16));
    NDArray same = one.repeat(0, IMAGES);
    float[] all = plain.withDropPath(.5).latent(store, same, true).toFloatArray();
    int size = all.length / IMAGES;
    long kinds =
        IntStream.range(0, IMAGES)
            .mapToObj(i -> Arrays.hashCode(Arrays.copyOfRange(all, i * size, (i + 1) * size)))
            .distinct()
            .count();
    assertThat(kinds).isBetween(5L, 16L); // four branches, each in or out
  }

  @Test
  void rate_rises_from_block_to_block() {
    DropPath path = new DropPath(.3, VIT);
    assertThat(path.rate(0)).isZero();
    assertThat(path.rate(1)).isCloseTo(.15, within(1e-12));
    assertThat(path.rate(2)).isCloseTo(.3, within(1e-12));
  }

  @Test
  void refuses_a_resnet_and_a_rate_of_1() {
    EncoderSettings resNet = new EncoderSettings(Network.RESNET_18, 32, 16, 8, 0, 0, false, false);
    assertThatThrownBy(() -> new DropPath(.1, resNet))
        .hasMessageContaining("dropPath must be 0 for");
    assertThatThrownBy(() -> new DropPath(1, VIT))
        .hasMessageContaining("dropPath must be in [0, 1), not 1.0");
  }

  private NDArray images() {
    return manager.randomUniform(-1, 1, new Shape(IMAGES, 3, 16, 16));
  }
}
