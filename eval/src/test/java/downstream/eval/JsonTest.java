package downstream.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonTest {
  @TempDir Path folder;

  record Inner(int learningRate) {}

  /** Public, so that Jackson would take the method for a property. */
  public record Measured(boolean sound) {
    public boolean isUsable() {
      return sound;
    }
  }

  record Line(String name, boolean sound) {
    Line {
      Objects.requireNonNull(name);
    }
  }

  record Outer(List<String> names, Inner inner, List<Line> rows) {
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
  void a_record_is_written_as_its_components() {
    assertThat(Json.canonical(new Measured(true))).isEqualTo("{\"sound\":true}");
  }

  @Test
  void an_unknown_key_names_file_and_nearest_known_key() {
    assertThatThrownBy(() -> read("nmaes: [a]"))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            "settings.yaml: unknown key 'nmaes'. Did you mean 'names'? Known: [inner, names,"
                + " rows]");
    assertThatThrownBy(() -> read("names: [a]\ninner: {learnRate: 1}"))
        .hasMessageContaining("'learningRate'");
  }

  @Test
  void a_missing_key_is_told() {
    assertThatThrownBy(() -> read("inner: {learningRate: 1}"))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            "settings.yaml: a key is missing; found [inner]. Add the missing key, one of [names,"
                + " rows]");
  }

  @Test
  void a_value_of_the_wrong_type_is_told_with_its_key() {
    assertThatThrownBy(() -> read("names: [a]\ninner: {learningRate: fast}"))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            "settings.yaml: key 'inner.learningRate': expected a whole number, found 'fast'."
                + " Change it to an allowed value");
    assertThatThrownBy(() -> read("names: 3"))
        .hasMessageContaining("settings.yaml: key 'names': expected a list, found '3'");
    assertThatThrownBy(() -> read("names: [a]\nrows: [{name: a, sound: 7}]"))
        .hasMessageContaining("key 'rows.0.sound': expected true or false, found '7'");
    assertThatThrownBy(() -> read("[1, 2]"))
        .hasMessageContaining("settings.yaml: expected keys and values, found '[1,2]'");
  }

  @JsonNaming(SnakeCaseStrategy.class)
  record Counted(int imagesSeen) {}

  @Test
  void keys_of_a_record_in_snake_case_are_known_by_it() {
    JsonNode written = Json.MAPPER.valueToTree(new Counted(3));
    assertThat(Json.as("here", written, Counted.class)).isEqualTo(new Counted(3));
    JsonNode misspelt = Json.parseYaml("here", "images_sen: 3");
    assertThatThrownBy(() -> Json.as("here", misspelt, Counted.class))
        .hasMessageContaining("unknown key 'images_sen'. Did you mean 'images_seen'?");
  }

  @Test
  void rows_of_a_list_are_looked_into() {
    assertThatThrownBy(() -> read("names: [a]\nrows: [{name: a, sound: true, nmae: b}]"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("unknown key 'nmae'. Did you mean 'name'?");
    assertThatThrownBy(() -> read("names: [a]\nrows: [{sound: true}]"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("key 'rows.0': a key is missing; found [sound]")
        .hasMessageContaining("[name]");
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
        .hasMessageContaining("truncated");
  }

  @Test
  void a_folder_in_place_of_a_file_is_told() {
    assertThatThrownBy(() -> Json.readYaml(folder))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(folder + ": is a folder, not a YAML file");
  }

  @Test
  void a_file_that_is_not_there_is_named() {
    assertThatThrownBy(() -> Json.read(folder.resolve("none.json")))
        .hasMessageContaining("none.json: no such file");
  }
}
