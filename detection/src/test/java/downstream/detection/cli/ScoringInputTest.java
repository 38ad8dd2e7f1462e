package downstream.detection.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.DetectionResults;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.eval.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoringInputTest {
  private static final String TRUTH =
      """
      {"images": [{"id": 9}, {"id": 2}], "categories": [{"id": 7, "name": "b"}, {"id": 3, "name": "a"}],
       "annotations": []}
      """;

  @TempDir private Path folder;

  private ScoringInput read(String results) throws IOException {
    Path gt = Files.writeString(folder.resolve("gt.json"), TRUTH);
    Path dt = Files.writeString(folder.resolve("dt.json"), results);
    return ScoringInput.read(gt, dt, EvaluatorSettings.COCO);
  }

  private static String found(int image, int category) {
    return "{\"image_id\": %d, \"category_id\": %d, \"bbox\": [1, 2, 3, 4], \"score\": 0.5}"
        .formatted(image, category);
  }

  @Test
  void rows_get_the_places_of_the_truth_whatever_came_first() throws IOException {
    BoxTable boxes =
        read("[" + found(9, 7) + "," + found(2, 7) + "," + found(9, 3) + "]").results().boxes();
    assertThat(boxes.size).isEqualTo(3);
    assertThat(java.util.Arrays.copyOf(boxes.image, 3)).containsExactly(1, 0, 1);
    assertThat(java.util.Arrays.copyOf(boxes.category, 3)).containsExactly(1, 1, 0);
  }

  @Test
  void an_unknown_category_is_dropped_as_when_read_in_turn() throws IOException {
    DetectionResults results = read("[" + found(9, 5) + "," + found(2, 3) + "]").results();
    assertThat(results.unknownCategory()).isEqualTo(1);
    assertThat(results.boxes().size).isEqualTo(1);
    assertThat(results.boxes().image[0]).isZero();
  }

  @Test
  void an_unknown_image_is_refused_with_its_place() {
    assertThatThrownBy(() -> read("[" + found(9, 3) + ",\n" + found(4, 3) + "]"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("dt.json:2:")
        .hasMessageContaining("image_id 4 is not in the ground truth");
  }
}
