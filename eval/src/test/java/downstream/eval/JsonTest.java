package downstream.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonTest {
  @TempDir Path folder;

  record Inner(int learningRate) {}

  record Outer(List<String> names, Inner inner) {
    Outer {
      names = List.copyOf(names);
      if (names.size() > 2) {
        throw new IllegalArgumentException("names must be at most two, not " + names);
      }
    }
  }

  private static Outer read(String yaml) {
    return Json.as("settings.yaml", Json.parseYaml("settings.yaml", yaml), Outer.class);
  }

  @Test
  void canonical_text_has_sorted_keys_and_full_precision() {
    assertThat(Json.canonical(Map.of("b", 0.1 + 0.2, "a", Map.of("z", 1, "y", 2))))
        .isEqualTo("{\"a\":{\"y\":2,\"z\":1},\"b\":0.30000000000000004}");
  }

  @Test
  void an_unknown_key_names_file_and_nearest_known_key() {
    assertThatThrownBy(() -> read("nmaes: [a]"))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            "settings.yaml: unknown key 'nmaes'. Did you mean 'names'? Known: [inner, names]");
    assertThatThrownBy(() -> read("names: [a]\ninner: {learnRate: 1}"))
        .hasMessageContaining("'learningRate'");
  }

  @Test
  void a_missing_key_is_told() {
    assertThatThrownBy(() -> read("inner: {learningRate: 1}"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("a key is missing; found [inner]");
  }

  @Test
  void a_value_of_the_wrong_type_is_told_with_its_key() {
    assertThatThrownBy(() -> read("names: [a]\ninner: {learningRate: fast}"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("settings.yaml: key 'inner.learningRate': ")
        .hasMessageContaining("\"fast\"");
  }

  @Test
  void what_a_record_refuses_is_told_with_its_own_words() {
    assertThatThrownBy(() -> read("names: [a, b, c]"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("settings.yaml: names must be at most two, not [a, b, c]");
  }

  @Test
  void json_cut_off_in_the_middle_names_file_line_and_column() throws IOException {
    Path file = Files.writeString(folder.resolve("cut.json"), "{\"images\": [\n{\"id\": 1,");
    assertThatThrownBy(() -> Json.read(file))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("cut.json: is not JSON (line 2, column ")
        .hasMessageContaining("cut off");
  }

  @Test
  void a_file_that_is_not_there_is_named() {
    assertThatThrownBy(() -> Json.read(folder.resolve("none.json")))
        .hasMessageContaining("none.json: no such file");
  }
}
