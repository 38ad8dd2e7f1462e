package downstream.eval.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.testing.SpansTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProtocolsTest {
  private final Task task = new SpansTask();

  @Test
  void fills_in_every_default() {
    Protocol protocol = Protocols.load(task, "plain", List.of());
    assertThat(Json.canonical(protocol.fields()))
        .isEqualTo(
            "{\"data\":{\"labelFraction\":1.0,\"labelSeed\":0},\"fail\":\"nowhere\","
                + "\"learningRate\":0.001,\"schedule\":{\"steps\":20},"
                + "\"skill\":0.5,\"suppressionIou\":0.5}");
  }

  @Test
  void stating_a_default_does_not_change_the_fingerprint() {
    String plain = Protocols.load(task, "plain", List.of()).fingerprint();
    String stated =
        Protocols.load(task, "plain", List.of("learningRate=0.001", "data.labelFraction=1"))
            .fingerprint();
    assertThat(stated).isEqualTo(plain);
  }

  @Test
  void every_field_moves_the_fingerprint() {
    Set<String> fingerprints = new HashSet<>();
    fingerprints.add(Protocols.load(task, "plain", List.of()).fingerprint());
    List<String> changes =
        List.of(
            "data.labelFraction=0.5",
            "data.labelSeed=7",
            "schedule.steps=30",
            "learningRate=2e-3",
            "skill=0.6",
            "suppressionIou=0.6",
            "fail=fit");
    for (String change : changes) {
      fingerprints.add(Protocols.load(task, "plain", List.of(change)).fingerprint());
    }
    assertThat(changes).hasSize(leaves(Protocols.load(task, "plain", List.of()).fields()));
    assertThat(fingerprints).hasSize(changes.size() + 1);
  }

  private static int leaves(JsonNode tree) {
    int count = tree.isValueNode() ? 1 : 0;
    for (JsonNode child : tree) {
      count += leaves(child);
    }
    return count;
  }

  @Test
  void unknown_key_is_refused_and_the_nearest_named() {
    assertThatThrownBy(() -> Protocols.load(task, "plain", List.of("learningrate=1")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("unknown key 'learningrate'")
        .hasMessageContaining("Did you mean 'learningRate'?");
  }

  @Test
  void value_that_the_record_refuses_is_bad_input() {
    assertThatThrownBy(() -> Protocols.load(task, "plain", List.of("schedule.steps=0")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("schedule.steps must be ≥ 1, found '0'");
    assertThatThrownBy(() -> Protocols.load(task, "plain", List.of("schedule.steps=many")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("many");
  }

  @Test
  void unknown_protocol_names_the_known_ones() {
    assertThatThrownBy(() -> Protocols.load(task, "plane", List.of()))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("Did you mean 'plain'? Known: [plain]");
  }

  @Test
  void assignment_without_a_value_is_refused() {
    assertThatThrownBy(() -> Protocols.load(task, "plain", List.of("steps")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("expected key=value, found 'steps'");
  }

  @Test
  void resolved_protocol_can_be_fed_back(@TempDir Path folder) throws IOException {
    Protocol protocol = Protocols.load(task, "plain", List.of("learningRate=3.3e-5"));
    Path file = folder.resolve("mine.yaml");
    Files.write(file, Json.yaml(protocol.fields()));
    Protocol again = Protocols.load(task, file.toString(), List.of());
    assertThat(again.fingerprint()).isEqualTo(protocol.fingerprint());
    assertThat(again.name()).isEqualTo("mine");
  }

  @Test
  void file_that_is_a_list_is_refused(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("list.yaml"), "- steps\n");
    assertThatThrownBy(() -> Protocols.load(task, file.toString(), List.of()))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("expected 'key: value' lines, found ARRAY");
  }
}
