package downstream.pretrain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.Json;
import downstream.eval.pretraining.Pretrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every setting of every preset of every method, defaults included, against the files in {@code
 * presets}: a changed default shows in a review. {@code -Ddownstream.record=true} writes the files
 * again.
 */
class PresetsTest {
  private static final Path RECORDED = Path.of("src/test/resources/downstream/pretrain/presets");

  static List<String> methods() {
    return ServiceLoader.load(Pretrainer.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(method -> method.getClass().getPackageName().startsWith("downstream.pretrain"))
        .map(Pretrainer::name)
        .sorted()
        .toList();
  }

  @ParameterizedTest
  @MethodSource("methods")
  void presets_are_as_recorded(String name) throws IOException {
    Pretrainer method =
        ServiceLoader.load(Pretrainer.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(m -> m.name().equals(name))
            .findFirst()
            .orElseThrow();
    byte[] presets = Json.yaml(method.presets());
    Path recorded = RECORDED.resolve(name + ".yaml");
    if (Boolean.getBoolean("downstream.record")) {
      Files.createDirectories(RECORDED);
      Files.write(recorded, presets);
    }
    assertThat(new String(presets, UTF_8)).isEqualTo(Files.readString(recorded));
  }

  @Test
  void every_recorded_file_is_of_a_method() throws IOException {
    try (Stream<Path> files = Files.list(RECORDED)) {
      assertThat(files.map(file -> Objects.toString(file.getFileName()).replace(".yaml", "")))
          .containsExactlyInAnyOrderElementsOf(methods());
    }
  }
}
