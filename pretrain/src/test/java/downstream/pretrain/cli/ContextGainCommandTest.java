package downstream.pretrain.cli;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.pretrain.TestImages;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContextGainCommandTest {
  @TempDir private Path folder;

  @Test
  void prints_one_row_for_each_kind_of_kept_pixels() {
    TestImages.write(folder, 10);
    String csv = gain("--samples", "50", "--size", "12", "--format", "csv");
    assertThat(csv).startsWith("kept,pixels,l1_own,l1_context,l1_gain");
    assertThat(csv.lines()).hasSize(7);
    assertThat(gain("--samples", "50", "--size", "12", "--format", "csv")).isEqualTo(csv);
    assertThat(gain("--samples", "50", "--size", "12", "--format", "csv", "--seed", "1"))
        .isNotEqualTo(csv);
  }

  @Test
  void what_cannot_be_measured_is_said_with_the_option() {
    TestImages.write(folder, 10);
    assertThat(gain("--samples", "9"))
        .startsWith("2 ")
        .contains("--samples must be at least 10, not 9");
    assertThat(gain("--samples", "50", "--size", "8"))
        .contains("--size at least three patches, not 4 and 8");
  }

  private String gain(String... flags) {
    List<String> command = new ArrayList<>(List.of("context-gain", "--images", folder.toString()));
    command.addAll(List.of("--patch", "4"));
    command.addAll(List.of(flags));
    return CommandRun.output(command.toArray(String[]::new));
  }
}
