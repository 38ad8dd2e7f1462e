package downstream.detection.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.detection.metrics.CommandLine;
import downstream.eval.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreDetectionCommandTest {
  private static final String TRUTH =
      """
      {"images": [{"id": 1}, {"id": 2}], "categories": [{"id": 1, "name": "cat"}],
       "annotations": [{"id": 5, "image_id": 1, "category_id": 1, "bbox": [0, 0, 10, 10]}]}
      """;
  private static final String HIT =
      "[{\"image_id\": 1.0, \"category_id\": 1, \"bbox\": [0, 0, 10, 10], \"score\": 0.5}]";

  @TempDir private Path folder;

  @Test
  void prints_json_with_null_for_what_cannot_be_computed() throws IOException {
    CommandLine outcome = score(TRUTH, HIT, "--format", "json");
    JsonNode json = Json.MAPPER.readTree(outcome.out());
    assertThat(outcome.code()).isZero();
    assertThat(json.path("metrics").path("AP").doubleValue()).isEqualTo(1, within());
    assertThat(json.path("metrics").get("APl").isNull()).isTrue();
    assertThat(json.path("metrics").size()).isEqualTo(12);
    assertThat(json.path("per_class").path("cat").path("AP50").doubleValue()).isPositive();
    assertThat(json.path("counts").path("images").intValue()).isEqualTo(2);
    assertThat(json.path("warnings").toString()).contains("no area");
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-12);
  }

  @Test
  void prints_a_table_in_cocos_order() throws IOException {
    CommandLine outcome = score(TRUTH, HIT);
    assertThat(outcome.out().lines().skip(1).limit(12).map(line -> line.split(" +")[0]))
        .containsExactly(
            "AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl");
    assertThat(outcome.out()).containsPattern("(?m)^APl$").containsPattern("cat +1.0000 +1.0000");
  }

  @Test
  void labels_recall_with_the_chosen_limits() throws IOException {
    CommandLine outcome = score(TRUTH, HIT, "--max-dets", "1,300", "--format", "json");
    assertThat(Json.MAPPER.readTree(outcome.out()).path("metrics").has("AR300")).isTrue();
  }

  @Test
  void reads_gzipped_results() throws IOException {
    Path zipped = folder.resolve("zipped.json.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      out.write(HIT.getBytes(StandardCharsets.UTF_8));
    }
    Path groundTruth = Files.writeString(folder.resolve("gt.json"), TRUTH);
    assertThat(run("--gt", groundTruth.toString(), "--predictions", zipped.toString()).code())
        .isZero();
  }

  @Test
  void no_detections_at_all_score_zero_with_a_warning() throws IOException {
    CommandLine outcome = score(TRUTH, "[]", "--format", "json");
    JsonNode json = Json.MAPPER.readTree(outcome.out());
    assertThat(json.path("metrics").path("AP").doubleValue()).isZero();
    assertThat(json.path("warnings").toString()).contains("no detections");
  }

  @Test
  void counts_detections_of_unknown_categories() throws IOException {
    CommandLine outcome = score(TRUTH, HIT.replace("\"category_id\": 1", "\"category_id\": 9"));
    assertThat(outcome.err()).contains("1 detections of categories");
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
    CommandLine outcome = run("--gt", folder.resolve("none.json").toString(), "--predictions", "x");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("none.json: no such file");
  }

  @Test
  void refuses_truth_that_names_an_unknown_image_unless_asked_to_be_pycocotools()
      throws IOException {
    String stray = TRUTH.replace("\"image_id\": 1", "\"image_id\": 8");
    assertThat(score(stray, HIT).err()).contains("annotation 5 names image 8");
    assertThat(score(stray, HIT, "--compat", "pycocotools").code()).isZero();
  }

  @Test
  void refuses_truth_with_a_negative_width() throws IOException {
    CommandLine outcome = score(TRUTH.replace("[0, 0, 10, 10]", "[0, 0, -1, 10]"), HIT);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("annotation 5 has a negative width or height");
  }

  private void refused(String results, String message) throws IOException {
    CommandLine outcome = score(TRUTH, results);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains(message).contains("dt.json");
  }

  private CommandLine score(String groundTruth, String results, String... more) throws IOException {
    Path gt = Files.writeString(folder.resolve("gt.json"), groundTruth);
    Path dt = Files.writeString(folder.resolve("dt.json"), results);
    List<String> arguments =
        new ArrayList<>(List.of("--gt", gt.toString(), "--predictions", dt.toString()));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private static CommandLine run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("score", "detection"));
    all.addAll(List.of(arguments));
    return CommandLine.run(all.toArray(String[]::new));
  }

  @Test
  void csv_has_a_row_a_figure_with_every_digit() throws IOException {
    CommandLine outcome = score(TRUTH, HIT, "--format", "csv");
    assertThat(outcome.out()).startsWith("metric,value,tie_low,tie_high\r\nAP,0.99999999999999");
    assertThat(outcome.out()).contains("APl,,,");
  }

  @Test
  void says_what_was_settled_and_how_far_ties_move_it() throws IOException {
    CommandLine outcome = score(TRUTH, HIT, "--format", "json", "--tide");
    assertThat(outcome.out())
        .as("keys in snake_case")
        .doesNotContainPattern("\"(?!m[A-Z]|aAcc|fwIoU|mask[A-Z])[a-z]\\w*[A-Z]\\w*\" ?:");
    JsonNode json = Json.MAPPER.readTree(outcome.out());
    assertThat(json.path("tie_band").path("AP").path("low").doubleValue()).isEqualTo(1, within());
    assertThat(json.path("tide").path("cost").size()).isEqualTo(6);
    assertThat(json.path("evaluator").path("convention").asText()).isEqualTo("coco");
    assertThat(json.path("evaluator").path("version").asText()).isNotEmpty();
  }

  @Test
  void warns_of_scores_that_are_all_equal() throws IOException {
    String two = HIT.replace("}]", "}, " + HIT.substring(1));
    assertThat(score(TRUTH, two).err()).contains("all detections have the same score");
  }

  @Test
  void boxes_outside_of_the_image_are_scored_as_they_are() throws IOException {
    String outside = HIT.replace("[0, 0, 10, 10]", "[-50, -50, 20, 20]");
    JsonNode json = Json.MAPPER.readTree(score(TRUTH, outside, "--format", "json").out());
    assertThat(json.path("metrics").path("AP").doubleValue()).isZero();
    assertThat(json.path("counts").path("detections").intValue()).isEqualTo(1);
  }

  @Test
  void boxes_without_area_or_upside_down_match_nothing() throws IOException {
    CommandLine flat = score(TRUTH, HIT.replace("[0, 0, 10, 10]", "[3, 3, 0, 5]"));
    assertThat(flat.code()).isZero();
    CommandLine upsideDown = score(TRUTH, HIT.replace("[0, 0, 10, 10]", "[10, 10, -10, -10]"));
    assertThat(upsideDown.err()).contains("1 detections have a negative width or height");
  }

  @Test
  void refuses_options_that_contradict_each_other() throws IOException {
    assertThat(score(TRUTH, HIT, "--convention", "voc07", "--max-dets", "5").err())
        .contains("has no limit of detections");
    assertThat(score(TRUTH, HIT, "--iou-threshold", "0.5").err())
        .contains("is for voc07 and voc12");
    assertThat(score(TRUTH, HIT, "--convention", "voc12", "--compat", "pycocotools").err())
        .contains("pycocotools knows no convention 'voc12'");
    assertThat(score(TRUTH, HIT, "--convention", "lvis", "--max-dets", "1,300").err())
        .contains("lvis has one limit per image");
  }

  @Test
  void voc_takes_a_threshold_of_its_own() throws IOException {
    CommandLine outcome =
        score(TRUTH, HIT, "--convention", "voc07", "--iou-threshold", "0.9", "--format", "json");
    JsonNode metrics = Json.MAPPER.readTree(outcome.out()).path("metrics");
    assertThat(metrics.path("AP").doubleValue()).isEqualTo(1, within());
    assertThat(metrics.get("AP50").isNull()).isTrue();
  }

  @Test
  void lvis_files_bring_what_was_looked_for() throws IOException {
    String groundTruth =
        TRUTH
            .replace("{\"id\": 2}", "{\"id\": 2, \"neg_category_ids\": [1]}")
            .replace("\"name\": \"cat\"", "\"name\": \"cat\", \"frequency\": \"r\"");
    String results = HIT.replace("}]", "}, " + HIT.substring(1).replace("1.0", "2"));
    JsonNode json =
        Json.MAPPER.readTree(
            score(groundTruth, results, "--convention", "lvis", "--format", "json").out());
    assertThat(json.path("metrics").path("APr").doubleValue()).isEqualTo(1, within());
    assertThat(json.path("metrics").get("APf").isNull()).isTrue();
    assertThat(json.path("counts").path("dropped_unchecked").intValue()).isZero();
  }
}
