package downstream.eval.encoder.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.RelativeError;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.ResNet;
import downstream.eval.encoder.build.VisionTransformer;
import downstream.eval.encoder.runtime.OnnxEncoder;
import downstream.eval.encoder.train.TrainableEncoder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WindowedAttentionTest {
  private static final int SIDE = 32;
  private static final int WIDTH = 12;
  private static final VitArchitecture NETWORK = new VitArchitecture(SIDE, 8, WIDTH, 8, 2, 2);

  private static EncoderFile built(VitArchitecture network) {
    List<Double> half = List.of(0.5, 0.5, 0.5);
    return VisionTransformer.build(network, "w", 3, half, half, Json.MAPPER.createObjectNode());
  }

  private static float[] image(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] pixels = new float[3 * SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return pixels;
  }

  private static float[] run(EncoderFile file, float[] image, String value) {
    try (OnnxEncoder encoder = new OnnxEncoder(file, List.of(value), 1)) {
      long[] shape = {1, 3, SIDE, SIDE};
      return encoder.run(image, shape, List.of(value)).values().iterator().next().data();
    }
  }

  @Test
  void a_window_as_large_as_the_grid_changes_nothing() {
    EncoderFile whole = built(NETWORK);
    EncoderFile windowed = EncoderRewrites.windowed(whole, 4).orElseThrow();
    assertThat(windowed.model().getGraph().getNodeCount())
        .isGreaterThan(whole.model().getGraph().getNodeCount());
    float[] before = run(whole, image(1), "latent");
    float[] after = run(windowed, image(1), "latent");
    assertThat(RelativeError.of(before, after)).isLessThan(1e-5);
  }

  @Test
  void a_patch_sees_its_own_window_alone_until_a_block_that_attends_everywhere() {
    EncoderFile windowed = EncoderRewrites.windowed(built(NETWORK), 2).orElseThrow();
    float[] image = image(1);
    float[] other = image.clone();
    // The last patch: rows and columns 24 to 31 of the first channel.
    for (int i = 0; i < 64; i++) {
      other[(24 + i / 8) * SIDE + 24 + i % 8] += 1;
    }
    float[] first = run(windowed, image, "blocks.0");
    float[] moved = run(windowed, other, "blocks.0");
    for (int patch = 0; patch < 16; patch++) {
      boolean sameWindow = patch % 4 >= 2 && patch / 4 >= 2;
      assertThat(row(first, patch).equals(row(moved, patch))).isEqualTo(!sameWindow);
    }
    float[] later = run(windowed, image, "blocks.1");
    float[] laterMoved = run(windowed, other, "blocks.1");
    assertThat(row(later, 0)).isNotEqualTo(row(laterMoved, 0));
  }

  private static List<Float> row(float[] tokens, int patch) {
    Float[] row = new Float[WIDTH];
    Arrays.setAll(row, i -> tokens[patch * WIDTH + i]);
    return List.of(row);
  }

  @Test
  void both_engines_agree_where_windows_are_filled_up() {
    EncoderFile windowed = EncoderRewrites.windowed(built(NETWORK), 3).orElseThrow();
    try (NDManager manager = NDManager.newBaseManager()) {
      TrainableEncoder block = new TrainableEncoder(windowed, manager);
      NDArray image = manager.create(image(2), new Shape(1, 3, SIDE, SIDE));
      NDArray latent =
          block.fetch(new ParameterStore(manager, false), Map.of("images", image), "latent", false);
      float[] known = run(windowed, image(2), "latent");
      assertThat(RelativeError.of(latent.toFloatArray(), known)).isLessThan(1e-4);
      float[] whole = run(built(NETWORK), image(2), "latent");
      assertThat(RelativeError.of(whole, known)).isGreaterThan(1e-3);
    }
  }

  @Test
  void only_a_transformer_without_a_class_token_is_rewritten() {
    assertThat(EncoderRewrites.windowed(built(NETWORK.withClassToken()), 2)).isEmpty();
    List<Double> half = List.of(0.5, 0.5, 0.5);
    EncoderFile resNet =
        new ResNet(18, 4).build("r", 32, 0, half, half, Json.MAPPER.createObjectNode());
    assertThat(EncoderRewrites.windowed(resNet, 2)).isEmpty();
  }
}
