package downstream.segmentation;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.data.ImageSet;
import downstream.eval.data.image.LabelMap;
import downstream.eval.task.FittedModel;
import downstream.eval.task.Protocol;
import downstream.segmentation.metrics.LabelMapPairs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlideTest {
  @TempDir private Path folder;

  @Test
  void windows_stand_every_stride_and_the_last_ends_with_the_image() {
    assertThat(SlidingWindows.starts(100, 40, 20)).containsExactly(0, 20, 40, 60);
    assertThat(SlidingWindows.starts(95, 40, 20)).containsExactly(0, 20, 40, 55);
    assertThat(SlidingWindows.starts(41, 40, 40)).containsExactly(0, 1);
    assertThat(SlidingWindows.starts(40, 40, 20)).containsExactly(0);
  }

  @Test
  void windows_cover_an_image_of_48_by_32_at_its_shorter_side() {
    ImageSet set = Blocks.write(folder.resolve("set"), 2, 1);
    SlidingWindows windows = SlidingWindows.of(set, 24, Blocks.encoder().spec());

    // The shorter side becomes 48, the longer 72: windows at 0 and 24.
    assertThat(windows.places())
        .containsExactly(
            new SlidingWindows.Place(0, 0, 0),
            new SlidingWindows.Place(0, 24, 0),
            new SlidingWindows.Place(1, 0, 0),
            new SlidingWindows.Place(1, 24, 0));
    assertThat(windows.pixels(3)).hasSize(3 * 48 * 48);
  }

  @Test
  void logits_are_averaged_where_windows_overlap() {
    try (NDManager manager = NDManager.newBaseManager()) {
      LogitSum sum = new LogitSum(3, 2);
      sum.add(manager.full(new Shape(1, 2, 2, 2), 1f), 0, 0);
      sum.add(manager.full(new Shape(1, 2, 2, 2), 3f), 1, 0);
      NDArray mean = sum.mean(manager);

      assertThat(mean.getShape()).isEqualTo(new Shape(1, 2, 2, 3));
      assertThat(mean.toFloatArray()).containsExactly(1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3);
    }
  }

  @Test
  void what_lies_outside_of_the_image_is_left_out() {
    try (NDManager manager = NDManager.newBaseManager()) {
      LogitSum sum = new LogitSum(2, 1);
      sum.add(manager.arange(9f).reshape(1, 1, 3, 3), 0, 0);

      assertThat(sum.mean(manager).toFloatArray()).containsExactly(0, 1);
    }
  }

  @Test
  void a_sliding_model_predicts_every_pixel_of_every_image() throws IOException {
    ImageSet set = Blocks.write(folder.resolve("set"), 3, 1);
    Protocol protocol =
        Blocks.protocol(
            "head: {type: upernet, dropout: 0.1}, inference: {mode: slide, slidingStride: 16},"
                + " schedule: {type: polynomial, steps: 4}, maxClassFraction: 0.75,"
                + " augmentation: {photometric: true}, optimiser: {type: sgd}");
    Path predictions = folder.resolve("p.zip");
    try (FittedModel model =
        new SegmentationTask().fit(Blocks.fit(protocol, set, folder.resolve("fit")))) {
      model.predict(set, predictions);
    }
    try (LabelMapPairs maps = LabelMapPairs.open(predictions)) {
      LabelMap map = maps.read("p2.png", Set.of());
      assertThat(map.width()).isEqualTo(48);
      assertThat(map.height()).isEqualTo(32);
      for (byte value : map.values()) {
        assertThat(value).isBetween((byte) 0, (byte) 2);
      }
    }
  }
}
