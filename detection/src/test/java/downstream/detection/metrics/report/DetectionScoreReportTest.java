package downstream.detection.metrics.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.detection.metrics.Convention;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.Iou;
import downstream.detection.metrics.Scene;
import downstream.detection.metrics.tide.Tide;
import downstream.eval.Json;
import downstream.eval.cli.OutputFormat;
import downstream.eval.task.Score;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DetectionScoreReportTest {
  private static EvaluatorSettings settings(boolean pycocotools) {
    return new EvaluatorSettings(Iou.bbox, pycocotools, false, Convention.coco, List.of(10));
  }

  /** COCO's metrics and a further one, a class without AP75, and one kind of error. */
  private static DetectionScoreReport report(boolean pycocotools) throws IOException {
    JsonNode perClass =
        Json.MAPPER.readTree(
            "{\"cat\": {\"AP\": 0.5, \"AP50\": 0.75, \"AP75\": null, \"ground_truth\": 7}}");
    Score score =
        new Score(
            Map.of("AP", Optional.of(0.5), "APr", Optional.of(0.25), "APl", Optional.empty()),
            perClass,
            Map.of("images", 3L),
            List.of("a warning"));
    Tide.Errors errors =
        new Tide.Errors(0.5, Map.of(Tide.Kind.Loc, 0.125), Map.of(Tide.Kind.Loc, 3L));
    return new DetectionScoreReport(
        new EvaluationReport(score, Optional.empty(), Optional.of(errors)), settings(pycocotools));
  }

  private static List<String> firstWords(String text) {
    return text.lines().map(line -> line.replaceFirst("  .*|,.*", "")).toList();
  }

  @Test
  void a_table_has_further_metrics_errors_and_classes_below_cocos() throws IOException {
    String table = report(false).as(OutputFormat.TABLE);
    assertThat(firstWords(table))
        .containsExactly(
            "metric", "AP", "AP50", "AP75", "APs", "APm", "APl", "AR10", "ARs", "ARm", "ARl", "APr",
            "dAP Loc", "", "class", "cat");
    assertThat(table)
        .containsPattern("(?m)^APr +0.2500")
        .containsPattern("(?m)^dAP Loc +0.1250")
        .containsPattern("(?m)^cat +0.5000 +0.7500 +7$");
  }

  @Test
  void other_formats_have_the_metrics_alone() throws IOException {
    assertThat(firstWords(report(false).as(OutputFormat.CSV)))
        .hasSize(13)
        .endsWith("APr", "dAP Loc");
  }

  @Test
  void json_says_by_which_rules() throws IOException {
    JsonNode json = Json.MAPPER.readTree(report(false).as(OutputFormat.JSON));
    assertThat(json.at("/metrics/AP").doubleValue()).isEqualTo(0.5);
    assertThat(json.at("/metrics/APl").isNull()).isTrue();
    assertThat(json.has("tie_band")).isFalse();
    assertThat(json.at("/evaluator/compat").asText()).isEqualTo("none");
    assertThat(json.at("/evaluator/max_dets").toString()).isEqualTo("[10]");
    assertThat(json.at("/warnings/0").asText()).isEqualTo("a warning");
    assertThat(json.at("/tide/cost/Loc").doubleValue()).isEqualTo(0.125);
    JsonNode compatible = Json.MAPPER.readTree(report(true).as(OutputFormat.JSON));
    assertThat(compatible.at("/evaluator/compat").asText()).isEqualTo("pycocotools");
  }

  @Test
  void errors_are_taken_apart_only_where_they_are_asked_for() {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10).found(0, 0, 5, 0, 10, 10, 0.9);
    assertThat(evaluated(scene, false).errors()).isEmpty();
    EvaluationReport report = evaluated(scene, false);
    String json = new DetectionScoreReport(report, EvaluatorSettings.COCO).as(OutputFormat.JSON);
    assertThat(json).contains("\"tie_band\"");
    assertThat(evaluated(scene, true).errors().orElseThrow().count())
        .containsEntry(Tide.Kind.Loc, 1L);
  }

  private static EvaluationReport evaluated(Scene scene, boolean errors) {
    return EvaluationReport.of(
        scene.gt(), scene.results(), EvaluatorSettings.COCO, Optional.empty(), errors);
  }
}
