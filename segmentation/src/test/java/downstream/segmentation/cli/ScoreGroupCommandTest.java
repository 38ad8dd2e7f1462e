package downstream.segmentation.cli;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.data.image.LabelMap;
import downstream.segmentation.metrics.Printed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoreGroupCommandTest {
  @TempDir private Path folder;

  @BeforeEach
  void mask() {
    byte[] values = {1, 3, 2, 0, (byte) 255, 200 - 256};
    LabelMap.of(3, 2, values).writePng(folder.resolve("masks/day/a.png"));
  }

  @Test
  void several_values_become_one_class_in_the_order_of_the_file() throws IOException {
    Printed printed = group("vehicle: [2, 3]\nsky: [200]\nperson: [1]\nrare: [77]\n");

    assertThat(printed.code()).as(printed.err()).isZero();
    assertThat(LabelMap.read(folder.resolve("out/masks/day/a.png"), Set.of()).values())
        .containsExactly(2, 0, 0, 255, 255, 1);
    assertThat(folder.resolve("out/classes.txt")).hasContent("vehicle\nsky\nperson\nrare\n");
    assertThat(printed.out())
        .contains("1 label maps of 4 classes", " 33.3%  vehicle", "  0.0%  rare", "(no class)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'a: [1]\nb: [2, 1]' | value 1 is listed twice",
        "'a: 1' | group 'a' is '1'. Give a list of values, 0 to 254",
        "'a: [255]' | group 'a' is '[255]'",
        "'a: [x]' | group 'a' is '[\"x\"]'",
        "'a: []' | group 'a' is '[]'",
        "'[1, 2]' | holds no groups"
      })
  void refuses_what_is_no_grouping(String yaml, String message) throws IOException {
    Printed printed = group(yaml.replace("\\n", "\n"));
    assertThat(printed.code()).isEqualTo(2);
    assertThat(printed.err()).contains("groups.yaml: " + message);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  private Printed group(String yaml) throws IOException {
    Path groups = Files.writeString(folder.resolve("groups.yaml"), yaml);
    return Printed.by(
        new String[] {"data", "group"},
        "--masks",
        folder.resolve("masks").toString(),
        "--groups",
        groups.toString(),
        "--out",
        folder.resolve("out").toString());
  }
}
