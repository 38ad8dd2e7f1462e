package downstream.eval.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import downstream.eval.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackboneTest {
  @TempDir Path cache;

  @Test
  void frozen_and_trained_give_the_same_maps_before_training() throws IOException {
    EncoderFile file = EncoderFileTest.small(3);
    try (NDManager manager = NDManager.newBaseManager();
        Backbone trained = Backbone.open(file, "finetune", manager, cache);
        Backbone frozen = Backbone.open(file, "frozen", manager, cache)) {
      NDArray images = manager.randomNormal(new Shape(2, 3, 32, 32));
      ParameterStore store = new ParameterStore(manager, false);
      NDArray a = trained.features(store, images, false).get(0);
      NDArray b = frozen.features(store, images, false).get(0);
      NDArray again = frozen.features(store, images, false).get(0);

      assertThat(a.getShape()).isEqualTo(new Shape(2, 24, 4, 4)).isEqualTo(b.getShape());
      assertThat(EncoderVerification.maxRel(a.toFloatArray(), b.toFloatArray())).isLessThan(1e-4);
      assertThat(again.toFloatArray()).isEqualTo(b.toFloatArray());
      assertThat(trained.block()).isPresent();
      assertThat(frozen.block()).isEmpty();
    }
    assertThat(cached()).hasSize(2);
  }

  @Test
  void a_damaged_cache_entry_is_computed_again() throws IOException {
    EncoderFile file = EncoderFileTest.small(3);
    try (NDManager manager = NDManager.newBaseManager();
        Backbone frozen = Backbone.open(file, "frozen", manager, cache)) {
      NDArray images = manager.randomNormal(new Shape(1, 3, 32, 32));
      ParameterStore store = new ParameterStore(manager, false);
      float[] first = frozen.features(store, images, false).get(0).toFloatArray();
      Files.write(cached().get(0), new byte[10]);

      assertThat(frozen.features(store, images, false).get(0).toFloatArray()).isEqualTo(first);
    }
  }

  @Test
  void another_mode_is_refused() {
    assertThatThrownBy(
            () ->
                Backbone.open(
                    EncoderFileTest.small(3), "thawed", NDManager.newBaseManager(), cache))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("must be 'finetune' or 'frozen', not 'thawed'");
  }

  private List<Path> cached() throws IOException {
    try (Stream<Path> files = Files.walk(cache)) {
      return files.filter(file -> file.toString().endsWith(".f32")).toList();
    }
  }
}
