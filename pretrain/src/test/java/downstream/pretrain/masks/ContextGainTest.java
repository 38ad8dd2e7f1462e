package downstream.pretrain.masks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.cli.OutputFormat;
import downstream.pretrain.TestImages;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContextGainTest {
  @TempDir private Path folder;

  private ContextGain gain(int images, int size, int samples) {
    return new ContextGain(TestImages.write(folder, images), size, 4, .5, samples, 3);
  }

  @Test
  void neighbours_help_most_where_nothing_is_kept_and_a_seed_gives_one_table() {
    List<ContextGain.Row> rows = gain(20, 12, 400).measure();
    assertThat(rows)
        .extracting(ContextGain.Row::kept)
        .containsExactly(
            "none",
            "scattered, 0.6 masked",
            "scattered, 0.75 masked",
            "scattered, 0.9 masked",
            "block of 2 × 2",
            "block of 1 × 1");
    assertThat(rows).extracting(ContextGain.Row::pixels).containsExactly(0, 6, 4, 1, 4, 1);
    ContextGain.Row none = rows.get(0);
    ContextGain.Row scattered = rows.get(1);
    assertThat(none.contextL1()).isLessThan(.7 * none.ownL1());
    assertThat(scattered.ownL1()).isLessThan(none.ownL1());
    assertThat(1 - scattered.contextL1() / scattered.ownL1())
        .isLessThan(1 - none.contextL1() / none.ownL1());
    assertThat(gain(20, 12, 400).measure()).isEqualTo(rows);
    assertThat(ContextGain.table(rows).as(OutputFormat.CSV)).startsWith("kept,pixels,l1_own");
  }

  @Test
  void refuses_what_cannot_be_measured() {
    assertThatThrownBy(() -> gain(20, 8, 400)).hasMessageContaining("at least three patches");
    assertThatThrownBy(() -> gain(4, 12, 400)).hasMessageContaining("at least 5 images");
    assertThatThrownBy(() -> gain(20, 12, 9)).hasMessageContaining("at least 10");
  }
}
