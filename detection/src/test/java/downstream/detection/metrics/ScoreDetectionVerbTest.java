package downstream.detection.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Json;
import downstream.eval.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreDetectionVerbTest {
  private static final String TRUTH =
      """
      {"images": [{"id": 1}, {"id": 2}], "categories": [{"id": 1, "name": "cat"}],
       "annotations": [{"id": 5, "image_id": 1, "category_id": 1, "bbox": [0, 0, 10, 10]}]}
      """;
  private static final String HIT =
      "[{\"image_id\": 1.0, \"category_id\": 1, \"bbox\": [0, 0, 10, 10], \"score\": 0.5}]";

  @TempDir private Path folder;

  private record Outcome(int code, String out, String err) {}

  @Test
  void prints_json_with_null_for_what_cannot_be_computed() throws IOException {
    Outcome outcome = score(TRUTH, HIT, "--format", "json");
    JsonNode json = Json.MAPPER.readTree(outcome.out);
    assertThat(outcome.code).isZero();
    assertThat(json.path("metrics").path("AP").doubleValue()).isEqualTo(1, within());
    assertThat(json.path("metrics").get("APl").isNull()).isTrue();
    assertThat(json.path("metrics").size()).isEqualTo(12);
    assertThat(json.path("perClass").path("cat").path("AP50").doubleValue()).isPositive();
    assertThat(json.path("counts").path("images").intValue()).isEqualTo(2);
    assertThat(json.path("warnings").toString()).contains("no area");
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-12);
  }

  @Test
  void prints_a_table_in_cocos_order() throws IOException {
    Outcome outcome = score(TRUTH, HIT);
    assertThat(outcome.out.lines().skip(1).limit(12).map(line -> line.split(" +")[0]))
        .containsExactly(
            "AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl");
    assertThat(outcome.out).containsPattern("(?m)^APl$").containsPattern("cat +1.0000 +1.0000");
  }

  @Test
  void labels_recall_with_the_chosen_limits() throws IOException {
    Outcome outcome = score(TRUTH, HIT, "--max-dets", "1,300", "--format", "json");
    assertThat(Json.MAPPER.readTree(outcome.out).path("metrics").has("AR300")).isTrue();
  }

  @Test
  void reads_gzipped_results() throws IOException {
    Path zipped = folder.resolve("zipped.json.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      out.write(HIT.getBytes(StandardCharsets.UTF_8));
    }
    Path truth = Files.writeString(folder.resolve("gt.json"), TRUTH);
    assertThat(run("--gt", truth.toString(), "--predictions", zipped.toString()).code).isZero();
  }

  @Test
  void no_detections_at_all_score_zero_with_a_warning() throws IOException {
    Outcome outcome = score(TRUTH, "[]", "--format", "json");
    JsonNode json = Json.MAPPER.readTree(outcome.out);
    assertThat(json.path("metrics").path("AP").doubleValue()).isZero();
    assertThat(json.path("warnings").toString()).contains("no detections");
  }

  @Test
  void counts_detections_of_unknown_categories() throws IOException {
    Outcome outcome = score(TRUTH, HIT.replace("\"category_id\": 1", "\"category_id\": 9"));
    assertThat(outcome.err).contains("1 detections of categories");
  }

  @Test
  void refuses_unknown_images_naming_the_id() throws IOException {
    refused(HIT.replace("1.0", "77"), "image_id 77 is not in the ground truth");
  }

  @Test
  void refuses_quoted_ids() throws IOException {
    refused(HIT.replace("1.0", "\"1\""), "image_id must be a whole number, found '1'");
  }

  @Test
  void refuses_scores_that_are_not_numbers() throws IOException {
    refused(HIT.replace("0.5", "NaN"), "score must be a finite number, found 'NaN'");
  }

  @Test
  void refuses_results_without_boxes() throws IOException {
    refused(HIT.replace("[0, 0, 10, 10]", "[]"), "result #1 has no bbox");
  }

  @Test
  void refuses_boxes_of_three_numbers() throws IOException {
    refused(HIT.replace("[0, 0, 10, 10]", "[0, 0, 10]"), "bbox must have 4 numbers, found 3");
  }

  @Test
  void refuses_json_cut_off_in_the_middle() throws IOException {
    refused(HIT.substring(0, 30), "is not JSON (line 1, column");
  }

  @Test
  void refuses_results_that_are_no_array() throws IOException {
    refused("{}", "results must be a JSON array");
  }

  @Test
  void refuses_a_missing_file() {
    Outcome outcome = run("--gt", folder.resolve("none.json").toString(), "--predictions", "x");
    assertThat(outcome.code).isEqualTo(2);
    assertThat(outcome.err).contains("none.json: no such file");
  }

  @Test
  void refuses_truth_that_names_an_unknown_image_unless_asked_to_be_pycocotools()
      throws IOException {
    String stray = TRUTH.replace("\"image_id\": 1", "\"image_id\": 8");
    assertThat(score(stray, HIT).err).contains("annotation 5 names image 8");
    assertThat(score(stray, HIT, "--compat", "pycocotools").code).isZero();
  }

  @Test
  void refuses_truth_with_a_negative_width() throws IOException {
    Outcome outcome = score(TRUTH.replace("[0, 0, 10, 10]", "[0, 0, -1, 10]"), HIT);
    assertThat(outcome.code).isEqualTo(2);
    assertThat(outcome.err).contains("annotation 5 has a negative width or height");
  }

  private void refused(String results, String message) throws IOException {
    Outcome outcome = score(TRUTH, results);
    assertThat(outcome.code).isEqualTo(2);
    assertThat(outcome.err).contains(message).contains("dt.json");
  }

  private Outcome score(String truth, String results, String... more) throws IOException {
    Path gt = Files.writeString(folder.resolve("gt.json"), truth);
    Path dt = Files.writeString(folder.resolve("dt.json"), results);
    List<String> arguments =
        new ArrayList<>(List.of("--gt", gt.toString(), "--predictions", dt.toString()));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private static Outcome run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("score", "detection"));
    all.addAll(List.of(arguments));
    PrintStream stdout = System.out;
    PrintStream stderr = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      int code = Main.run(all.toArray(String[]::new));
      return new Outcome(
          code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(stdout);
      System.setErr(stderr);
    }
  }
}
