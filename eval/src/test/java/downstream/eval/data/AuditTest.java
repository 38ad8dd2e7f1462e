package downstream.eval.data;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.cli.DataCheckCommand;
import downstream.eval.data.image.LabelMapTest;
import downstream.eval.data.synthetic.SyntheticScenes;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AuditTest {
  @TempDir Path folder;

  @BeforeEach
  void write_scenes() {
    new SyntheticScenes(4, 2, 48, 1).write(folder);
  }

  @Test
  void a_sound_set_has_no_defects_and_its_counts_add_up() {
    Audit audit = Audit.of(folder);
    assertThat(audit.defects()).isEmpty();
    assertThat(audit.warnings()).isEmpty();
    assertThat(audit.exitCode()).isZero();
    SplitAudit train = audit.splits().get(0);
    assertThat(train.name()).isEqualTo("train");
    assertThat(train.images()).isEqualTo(4);
    assertThat(train.boxes()).isPositive();
    assertThat(sum(train.boxesByCategory().values())).isEqualTo(train.boxes());
    assertThat(sum(train.boxesBySize().values())).isEqualTo(train.boxes());
    assertThat(sum(train.pixelsByLabel().values())).isEqualTo(4 * 48 * 48);
  }

  private static long sum(Iterable<Long> counts) {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }

  @Test
  void sizes_are_sides_of_squares() {
    assertThat(Audit.size(63)).isEqualTo("<8");
    assertThat(Audit.size(32 * 32)).isEqualTo("32-64");
    assertThat(Audit.size(1e6)).isEqualTo(">=256");
  }

  @Test
  void all_defects_are_found_at_once_each_with_its_file() throws Exception {
    Path images = folder.resolve("train/images");
    Files.writeString(images.resolve("000001.png"), "a text");
    byte[] half = Files.readAllBytes(images.resolve("000002.png"));
    Files.write(images.resolve("000002.png"), Arrays.copyOf(half, half.length / 2));
    Files.copy(folder.resolve("val/images/000001.png"), folder.resolve("copy.png"));
    Files.delete(images.resolve("000003.png"));
    Files.move(folder.resolve("copy.png"), images.resolve("000003.png"));
    LabelMapTest.random(48, 48, 30, 1).writePng(folder.resolve("val/masks/000002.png"));
    Path json = folder.resolve("train/instances.json");
    Files.writeString(
        json, Files.readString(json).replaceFirst("\"category_id\":\\d", "\"category_id\":77"));
    Audit audit = Audit.of(folder);
    assertThat(audit.exitCode()).isEqualTo(1);
    assertThat(audit.defects())
        .hasSize(5)
        .anyMatch(d -> d.contains("000001.png: expected an image, found 'a text'"))
        .anyMatch(d -> d.contains("train/images/000002.png: "))
        .anyMatch(d -> d.contains("has the same bytes as") && d.contains("trained on and scored"))
        .anyMatch(d -> d.contains("val/masks/000002.png: ") && d.contains("which has no class"))
        .anyMatch(d -> d.contains("names category 77, which does not exist"));
  }

  @Test
  void the_verb_prints_a_table_or_json_and_returns_the_exit_code() throws Exception {
    assertThat(run(folder.toString())).startsWith("0 scenes\n").endsWith("no defects\n");
    assertThat(run(folder.toString(), "--format", "json")).startsWith("0 {").contains("\"boxes\"");
    Files.writeString(folder.resolve("train/images/000001.png"), "a text");
    assertThat(run(folder.toString())).startsWith("1 scenes").contains("1 defects:\n");
    Files.writeString(folder.resolve("val/instances.json"), "{\"images\": [");
    assertThat(run(folder.toString())).startsWith("2 scenes").contains("1 cannot be used:\n");
  }

  private static String run(String... arguments) {
    StringWriter out = new StringWriter();
    CommandLine line =
        new CommandLine(new DataCheckCommand()).setCaseInsensitiveEnumValuesAllowed(true);
    int code = line.setOut(new PrintWriter(out)).execute(arguments);
    return code + " " + out;
  }
}
