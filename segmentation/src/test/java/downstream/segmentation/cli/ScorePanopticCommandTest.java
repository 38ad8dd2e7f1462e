package downstream.segmentation.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Json;
import downstream.eval.data.image.Image;
import downstream.eval.data.image.LabelMap;
import downstream.segmentation.metrics.Printed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScorePanopticCommandTest {
  private static final String CATEGORIES =
      "\"categories\": [{\"id\": 7, \"name\": \"cat\", \"isthing\": 1},"
          + " {\"id\": 21, \"name\": \"sky\", \"isthing\": 0}]";

  @TempDir private Path folder;

  /** Ground truth: two pixels of a cat, one of sky, one void; predicted: one of them sky. */
  @BeforeEach
  void files() throws IOException {
    png("gt/a.png", 300, 300, 70000, 0);
    png("dt/a.png", 5, 6, 6, 6);
    json("gt.json", segment(300, 7) + "," + segment(70000, 21), CATEGORIES);
    json("dt.json", segment(5, 7) + "," + segment(6, 21), "\"info\": {}");
  }

  @Test
  void scores_two_files() {
    Printed printed = score("--format", "json");

    assertThat(printed.code()).as(printed.err()).isZero();
    assertThat(printed.out())
        .as("keys in snake_case")
        .doesNotContainPattern("\"(?!m[A-Z]|aAcc|fwIoU|mask[A-Z])[a-z]\\w*[A-Z]\\w*\" ?:");
    JsonNode metrics = Json.parseYaml("stdout", printed.out()).get("metrics");
    // The cat's IoU is 1/2: no match. Sky's is 1 / (3 + 1 - 1 - 1) = 1/2: no match.
    assertThat(metrics.get("PQ").doubleValue()).isZero();
    assertThat(metrics.get("PQ.stuff").doubleValue()).isZero();
  }

  @Test
  void reads_ids_beyond_a_byte() throws IOException {
    png("dt/a.png", 5, 5, 70001, 70001);
    json("dt.json", segment(5, 7) + "," + segment(70001, 21), "\"info\": {}");
    Printed printed = score();

    assertThat(printed.code()).as(printed.err()).isZero();
    assertThat(printed.out()).contains("all     1.0000  1.0000  1.0000        2");
  }

  @Test
  void refuses_a_segment_without_pixels() throws IOException {
    json("dt.json", segment(5, 7) + "," + segment(6, 21) + "," + segment(9, 7), "\"info\": {}");

    assertThat(score().code()).isEqualTo(2);
    assertThat(score().err()).contains("a.png: segment 9 is in the JSON but not in the PNG");
  }

  @Test
  void refuses_pixels_without_a_segment() throws IOException {
    json("dt.json", segment(6, 21), "\"info\": {}");

    assertThat(score().err()).contains("a.png: segment 5 is in the PNG but not in the JSON");
  }

  @Test
  void refuses_an_unknown_class() throws IOException {
    json("dt.json", segment(5, 8) + "," + segment(6, 21), "\"info\": {}");

    assertThat(score().err()).contains("a.png: segment 5 is of unknown class 8");
  }

  @Test
  void refuses_an_image_without_prediction() throws IOException {
    Files.writeString(folder.resolve("dt.json"), "{\"annotations\": []}");

    assertThat(score().err()).contains("dt.json: has no prediction for image_id 1; 1 of 1");
  }

  @Test
  void data_semantic_writes_label_maps_of_the_true_file() throws IOException {
    Path out = folder.resolve("semantic");
    Printed printed =
        Printed.by(
            new String[] {"data", "semantic"},
            "--panoptic",
            folder.resolve("gt.json").toString(),
            "--out",
            out.toString());

    assertThat(printed.code()).as(printed.err()).isZero();
    assertThat(LabelMap.read(out.resolve("masks/a.png"), Set.of()).values())
        .containsExactly(0, 0, 1, 255);
    assertThat(Files.readString(out.resolve("classes.txt"))).isEqualTo("cat\nsky\n");
  }

  private static String segment(int id, int category) {
    return "{\"id\": " + id + ", \"category_id\": " + category + ", \"iscrowd\": 0}";
  }

  private void json(String name, String segments, String more) throws IOException {
    Files.writeString(
        folder.resolve(name),
        "{\"annotations\": [{\"image_id\": 1, \"file_name\": \"a.png\", \"segments_info\": ["
            + segments
            + "]}], "
            + more
            + "}");
  }

  private void png(String name, int... ids) {
    byte[] rgb = new byte[3 * ids.length];
    for (int i = 0; i < ids.length; i++) {
      rgb[3 * i] = (byte) ids[i];
      rgb[3 * i + 1] = (byte) (ids[i] >> 8);
      rgb[3 * i + 2] = (byte) (ids[i] >> 16);
    }
    Image.of(2, ids.length / 2, rgb).writePng(folder.resolve(name));
  }

  private Printed score(String... options) {
    return Printed.by(
        new String[] {
          "score", "panoptic",
          "--gt", folder.resolve("gt.json").toString(),
          "--predictions", folder.resolve("dt.json").toString()
        },
        options);
  }
}
