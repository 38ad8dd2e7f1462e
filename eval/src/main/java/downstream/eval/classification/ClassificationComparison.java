package downstream.eval.classification;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.confusion.ConfusionComparison;
import java.util.stream.IntStream;

/** Comparison of two sets of predictions for the same examples. */
final class ClassificationComparison {
  private ClassificationComparison() {}

  /** Compares two runs; {@code per_class} is accuracy. */
  static JsonNode of(ClassificationStatistics a, ClassificationStatistics b) {
    return ConfusionComparison.of(run(a), run(b));
  }

  private static ConfusionComparison.Run run(ClassificationStatistics statistics) {
    Confusion sum = statistics.sum();
    return new ConfusionComparison.Run(
        statistics.classes(),
        statistics.images().stream().map(ImageOutcome::image).toList(),
        ClassificationScores.metrics(sum),
        IntStream.range(0, sum.classes()).mapToObj(sum::accuracy).toList(),
        sum);
  }
}
