package downstream.segmentation.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.confusion.ConfusionComparison;

/** Comparison of two sets of predictions for the same images. */
public final class SegmentationComparison {
  private SegmentationComparison() {}

  /** Compares two runs; {@code per_class} is IoU. */
  public static JsonNode of(PerImageConfusion a, PerImageConfusion b) {
    return ConfusionComparison.of(run(a), run(b));
  }

  private static ConfusionComparison.Run run(PerImageConfusion perImage) {
    ConfusionMatrix sum = perImage.sum();
    SegmentationMetrics metrics = SegmentationMetrics.of(sum);
    return new ConfusionComparison.Run(
        perImage.classes(),
        perImage.images(),
        metrics.metrics(),
        metrics.classes().stream().map(c -> c.iou()).toList(),
        sum);
  }
}
