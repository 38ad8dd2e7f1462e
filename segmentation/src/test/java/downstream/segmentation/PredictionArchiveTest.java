package downstream.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import downstream.eval.data.ImageRecord;
import downstream.segmentation.metrics.Given;
import downstream.segmentation.metrics.LabelMapPairs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictionArchiveTest {
  @TempDir private Path folder;

  @Test
  void gives_back_the_values_that_were_stored() {
    byte[] values = Given.bytes(0, 1, 2, 3, 254, 255);
    Path file = folder.resolve("p.zip");
    PredictionArchive.write(file, archive -> archive.add("a/b.png", 3, 2, values));

    try (LabelMapPairs maps = LabelMapPairs.open(file)) {
      assertThat(maps.names()).containsExactly("a/b.png");
      assertThat(maps.read("a/b.png", Set.of()).width()).isEqualTo(3);
      assertThat(maps.read("a/b.png", Set.of()).values()).isEqualTo(values);
    }
  }

  @Test
  void equal_predictions_are_equal_bytes_at_any_time() throws Exception {
    PredictionArchive.Content content = archive -> archive.add("a.png", 1, 1, new byte[1]);
    PredictionArchive.write(folder.resolve("1.zip"), content);
    Thread.sleep(2100); // ZIP counts in steps of two seconds
    PredictionArchive.write(folder.resolve("2.zip"), content);

    assertThat(folder.resolve("2.zip")).hasSameBinaryContentAs(folder.resolve("1.zip"));
  }

  @Test
  void leaves_nothing_behind_when_prediction_fails() throws IOException {
    Path file = folder.resolve("p.zip");
    assertThatThrownBy(
            () ->
                PredictionArchive.write(
                    file,
                    archive -> {
                      archive.add("a.png", 1, 1, new byte[1]);
                      throw new IllegalStateException("no more");
                    }))
        .hasMessage("no more");

    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void names_images_apart_that_differ_by_extension() {
    assertThat(PredictionArchive.names(Blocks.set(List.of(named("d/a.jpg"), named("b.x.png")))))
        .containsExactly("d/a.png", "b.x.png");
    assertThat(PredictionArchive.names(Blocks.set(List.of(named("a.jpg"), named("a.png")))))
        .containsExactly("a.jpg.png", "a.png.png");
  }

  private static ImageRecord named(String name) {
    return new ImageRecord(1, name, Path.of(name), 1, 1, List.of(), Optional.empty());
  }

  @Test
  void refuses_what_is_no_archive() throws IOException {
    Path text = Files.writeString(folder.resolve("text.zip"), "not a zip");

    assertThatThrownBy(() -> LabelMapPairs.open(text))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("text.zip: is neither a folder nor a readable ZIP");
    assertThatThrownBy(() -> LabelMapPairs.open(folder.resolve("none")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("none: no such folder or file");
  }
}
