package downstream.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Json;
import downstream.eval.run.Fakes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Keys of the reports of commands are snake_case. */
class ReportCasingTest {
  /** Objects whose keys are names: of values and operators of a graph, and of classes. */
  private static final Set<String> NAMED =
      Set.of(
          "inputs",
          "outputs",
          "operators",
          "deviations",
          "boxes_by_category",
          "boxes_by_size",
          "pixels_by_label");

  @TempDir private Path folder;

  @Test
  void audit_of_a_data_set() throws IOException {
    Path scenes = folder.resolve("scenes");
    run("data", "scenes", "--out=" + scenes, "--images=8", "--val=4", "--size=48");
    assertThat(keys("data", "check", scenes.toString())).contains("boxes_by_category");
  }

  @Test
  void reports_on_an_encoder() throws IOException {
    Path encoder = folder.resolve("vit.onnx");
    Fakes.encoder("vit", 0).write(encoder);
    assertThat(keys("encoder", "inspect", encoder.toString())).contains("image_size");
    assertThat(keys("encoder", "verify", encoder.toString())).contains("max_rel");
    assertThat(keys("encoder", "randomise", encoder.toString())).contains("deviations");
  }

  /** All keys of a command's JSON report, each of them in snake_case. */
  private static List<String> keys(String... command) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of("--format", "json"));
    List<String> keys = new ArrayList<>();
    collect(Json.MAPPER.readTree(run(arguments.toArray(new String[0]))), keys);
    assertThat(keys).allMatch(key -> key.matches("[a-z0-9]+(_[a-z0-9]+)*"));
    return keys;
  }

  private static void collect(JsonNode tree, List<String> keys) {
    tree.fieldNames().forEachRemaining(keys::add);
    tree.properties().stream()
        .filter(entry -> !NAMED.contains(entry.getKey()))
        .forEach(entry -> collect(entry.getValue(), keys));
    if (tree.isArray()) {
      tree.forEach(element -> collect(element, keys));
    }
  }

  private static String run(String... command) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    assertThat(line.execute(command)).as(err.toString()).isZero();
    return out.toString();
  }
}
