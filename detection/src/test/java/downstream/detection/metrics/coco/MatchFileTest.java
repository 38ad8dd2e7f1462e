package downstream.detection.metrics.coco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.Scene;
import downstream.eval.BadInput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MatchFileTest {
  @TempDir private Path folder;

  /** Two classes, three images, one of them empty; with a warning. */
  private static MatchTable table(double shift) {
    Scene scene = new Scene(3, 2).groundTruth(0, 0, 0, 0, 10, 10).groundTruth(2, 0, 0, 0, 40, 40);
    scene.groundTruth(2, 1, 0, 0, 100, 100).found(0, 0, shift, 0, 10, 10, 0.9);
    scene.found(0, 0, 1, 0, 10, 10, 0.8).found(2, 0, 0, shift, 40, 40, 0.7);
    for (int i = 0; i < 101; i++) {
      scene.found(1, 1, i, 0, 5, 5, 0.5);
    }
    return CocoEvaluator.match(scene.gt(), scene.results(), EvaluatorSettings.COCO);
  }

  private static void assertSame(MatchTable read, MatchTable written) {
    assertThat(read.images()).isEqualTo(written.images());
    assertThat(read.categoryNames()).isEqualTo(written.categoryNames());
    assertThat(read.maxDets()).isEqualTo(written.maxDets());
    assertThat(read.pycocotools()).isEqualTo(written.pycocotools());
    assertThat(read.counts()).isEqualTo(written.counts());
    assertThat(read.warnings()).isEqualTo(written.warnings()).isNotEmpty();
    assertThat(read.classes()).hasSameSizeAs(written.classes()).hasSize(2);
    for (int c = 0; c < read.classes().size(); c++) {
      ClassMatches a = read.classes().get(c);
      ClassMatches b = written.classes().get(c);
      assertThat(a.size).isEqualTo(b.size).isPositive();
      assertThat(a.image).isEqualTo(b.image);
      assertThat(a.rank).isEqualTo(b.rank);
      assertThat(a.score).isEqualTo(b.score);
      assertThat(a.outcome).isDeepEqualTo(b.outcome);
      assertThat(a.groundTruthImage).isEqualTo(b.groundTruthImage);
      assertThat(a.positives).isDeepEqualTo(b.positives);
    }
  }

  @Test
  void what_was_written_is_read_again_with_masks_and_without() {
    Path file = folder.resolve("statistics.gz");
    MatchFile.write(
        file,
        new MatchStatistics(table(1), Optional.of(table(3)), Map.of("Loc", 0.25, "Miss", 0.0)));
    MatchStatistics read = MatchFile.read(file);
    assertSame(read.boxes(), table(1));
    assertSame(read.masks().orElseThrow(), table(3));
    assertThat(read.errors()).isEqualTo(Map.of("Loc", 0.25, "Miss", 0.0));
    MatchFile.write(file, new MatchStatistics(table(2), Optional.empty(), Map.of()));
    assertSame(MatchFile.read(file).boxes(), table(2));
    assertThat(MatchFile.read(file).masks()).isEmpty();
  }

  @Test
  void a_file_of_another_kind_and_one_cut_off_are_refused() throws IOException {
    Path file = folder.resolve("statistics.gz");
    MatchFile.write(file, new MatchStatistics(table(1), Optional.empty(), Map.of()));
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> MatchFile.read(file))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("is not a readable match table");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(new byte[64]);
    }
    assertThatThrownBy(() -> MatchFile.read(file))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("not a match table");
  }
}
