package downstream.detection.metrics.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.Scene;
import downstream.detection.metrics.coco.CocoEvaluator;
import downstream.detection.metrics.coco.MatchStatistics;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DetectionComparisonTest {
  /** One small object; the detection fits it, or is elsewhere. */
  private static MatchStatistics statistics(double x, Map<String, Double> errors) {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 0, 0, 10, 10).found(0, 0, x, 0, 10, 10, 0.9);
    return new MatchStatistics(
        CocoEvaluator.match(scene.gt(), scene.results(), EvaluatorSettings.COCO),
        Optional.empty(),
        errors);
  }

  @Test
  void both_values_and_their_difference_stand_beside_each_other() {
    MatchStatistics fits = statistics(0, Map.of("Loc", 0.25, "Cls", 0.125));
    MatchStatistics elsewhere = statistics(50, Map.of("Loc", 0.5));
    JsonNode json = DetectionComparison.of(fits, elsewhere);
    assertThat(json.at("/metrics/AP50/a").doubleValue()).isCloseTo(1, within(1e-12));
    assertThat(json.at("/metrics/AP50/b").doubleValue()).isZero();
    assertThat(json.at("/metrics/AP50/difference")).isEqualTo(json.at("/metrics/AP50/a"));
    assertThat(json.at("/per_class/a/APs/a").doubleValue()).isGreaterThan(0.999);
    assertThat(json.at("/per_class/a/APs/b").doubleValue()).isZero();
    assertThat(json.at("/errors/Loc").toString())
        .isEqualTo("{\"a\":0.25,\"b\":0.5,\"difference\":-0.25}");
    String none = "{\"a\":null,\"b\":null,\"difference\":null}";
    assertThat(json.at("/per_class/a/APl").toString()).as("no large object").isEqualTo(none);
    assertThat(json.at("/metrics/APl").toString()).isEqualTo(none);
    assertThat(json.at("/errors/Cls/b").isNull()).isTrue();
  }
}
