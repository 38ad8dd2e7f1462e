package downstream.pretrain.views;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.pretrain.TestImages;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MultiCropTest {
  @TempDir private Path folder;

  @Test
  void example_has_the_large_views_and_then_the_small_ones_each_drawn_by_itself() {
    View large = DistortedCrop.swav(32, .14, 1);
    MultiCrop crops =
        MultiCrop.of(
            new Photos(TestImages.write(folder, 2)),
            List.of(large, large),
            3,
            DistortedCrop.swav(16, .05, .14));

    List<float[]> example = crops.load(1, new SplittableRandom(4));

    assertThat(example).hasSize(5);
    assertThat(example.subList(0, 2)).allMatch(view -> view.length == 3 * 32 * 32);
    assertThat(example.subList(2, 5)).allMatch(view -> view.length == 3 * 16 * 16);
    assertThat(example.get(0)).isNotEqualTo(example.get(1));
    assertThat(example.get(2)).isNotEqualTo(example.get(3));
    List<float[]> again = crops.load(1, new SplittableRandom(4));
    for (int i = 0; i < 5; i++) {
      assertThat(again.get(i)).isEqualTo(example.get(i));
    }
  }
}
