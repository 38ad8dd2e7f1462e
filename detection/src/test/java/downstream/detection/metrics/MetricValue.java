package downstream.detection.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.task.Score;
import java.util.Optional;

/** Reads a metric out of a score. */
public final class MetricValue {
  private MetricValue() {}

  /** The metric, or {@code absent} where it cannot be computed; it must be listed. */
  public static double of(Score score, String name, double absent) {
    assertThat(score.metrics()).containsKey(name);
    return score.metrics().getOrDefault(name, Optional.empty()).orElse(absent);
  }
}
