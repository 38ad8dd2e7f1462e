package downstream.detection.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Json;
import downstream.eval.run.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Hand-made corner cases with the figures of pycocotools. */
class CocoCasesTest {
  private static final Path CASES = Path.of("src/test/resources/coco-cases");

  /** Mask cases, which a box evaluator cannot score; there are none today. */
  private static final Set<String> SEGMENTATION_CASES = Set.of();

  @Test
  void every_case_is_a_box_case_or_listed_as_a_mask_case() throws IOException {
    assertThat(cases()).hasSizeGreaterThanOrEqualTo(30);
    for (Path expected : cases()) {
      boolean boxes = Json.read(expected).path("iou_type").asText().equals("bbox");
      assertThat(boxes)
          .as(name(expected))
          .isNotEqualTo(SEGMENTATION_CASES.contains(name(expected)));
    }
  }

  @TestFactory
  Stream<DynamicTest> figures_are_those_of_pycocotools() throws IOException {
    return cases().stream()
        .filter(path -> !SEGMENTATION_CASES.contains(name(path)))
        .map(path -> DynamicTest.dynamicTest(name(path), () -> check(path)));
  }

  @Test
  void truth_with_id_zero_counts_by_default() {
    assertThat(Figure.of(score("id_zero", EvaluatorSettings.COCO), "AP50", -1))
        .isCloseTo(1, within(1e-9));
    assertThat(score("id_zero", EvaluatorSettings.COCO).warnings())
        .anyMatch(warning -> warning.contains("id 0"));
  }

  private static void check(Path expected) {
    JsonNode known = Json.read(expected);
    String name = name(expected);
    JsonNode params = known.path("params");
    assertThat(params.properties()).allMatch(entry -> entry.getKey().equals("useCats"));
    boolean agnostic = params.path("useCats").asInt(1) == 0;
    boolean compat = name.startsWith("id_zero");
    Score score = score(name, new EvaluatorSettings(compat, agnostic, List.of(1, 10, 100)));
    assertThat(known.path("stats").size()).isEqualTo(12);
    known
        .path("stats")
        .properties()
        .forEach(
            entry ->
                assertThat(Figure.of(score, entry.getKey(), -1))
                    .as(entry.getKey())
                    .isCloseTo(entry.getValue().doubleValue(), within(1e-9)));
    known
        .path("per_class_AP")
        .properties()
        .forEach(
            entry ->
                assertThat(score.perClass().path("c" + entry.getKey()).path("AP").asDouble(-1))
                    .as("class " + entry.getKey())
                    .isCloseTo(entry.getValue().doubleValue(), within(1e-9)));
  }

  private static Score score(String name, EvaluatorSettings settings) {
    GroundTruth truth = CocoTruthReader.read(CASES.resolve(name + ".gt.json"), settings);
    DetectionResults results = DetectionResults.read(CASES.resolve(name + ".dt.json"), truth);
    return CocoMetrics.score(CocoEvaluator.match(truth, results, settings));
  }

  private static List<Path> cases() throws IOException {
    try (Stream<Path> files = Files.list(CASES)) {
      return files.filter(f -> f.toString().endsWith(".expected.json")).sorted().toList();
    }
  }

  private static String name(Path expected) {
    return expected.getFileName().toString().replace(".expected.json", "");
  }
}
