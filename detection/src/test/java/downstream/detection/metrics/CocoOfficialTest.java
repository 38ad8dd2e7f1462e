package downstream.detection.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import downstream.eval.Json;
import downstream.eval.run.Score;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The official 100 images with their example detections. */
class CocoOfficialTest {
  @Test
  void boxes_of_the_official_100_images_score_as_published() {
    Path folder =
        Path.of(System.getProperty("downstream.shared", "")).resolve("vectors/coco-official-100");
    assumeTrue(Files.isDirectory(folder), "the official 100 images are not here: " + folder);
    EvaluatorSettings settings = EvaluatorSettings.COCO;
    GroundTruth truth =
        CocoTruthReader.read(folder.resolve("instances_val2014_100.json"), settings);
    DetectionResults results =
        DetectionResults.read(folder.resolve("instances_val2014_fakebbox100_results.json"), truth);
    Score score = CocoMetrics.score(BoxEvaluator.match(truth, results, settings));
    var known = Json.read(folder.resolve("expected.json")).path("bbox");
    assertThat(known.size()).isEqualTo(12);
    known
        .properties()
        .forEach(
            entry ->
                assertThat(Figure.of(score, entry.getKey(), -1))
                    .as(entry.getKey())
                    .isCloseTo(entry.getValue().doubleValue(), within(1e-12)));
  }
}
