package downstream.detection.metrics;

import java.util.List;

/**
 * Detections as a COCO results file holds them: an array of {@code image_id}, {@code category_id},
 * {@code score} and {@code bbox} or {@code segmentation} or both.
 *
 * @param boxes images and categories as places in the ground truth's ids, in file order
 * @param unknownCategory how many were dropped because the ground truth has no such category
 * @param warnings what could change a metric
 */
public record DetectionResults(BoxTable boxes, long unknownCategory, List<String> warnings) {
  public DetectionResults {
    warnings = List.copyOf(warnings);
  }

  /** Boxes and masks of the same results, row by row. */
  public record BoxesAndMasks(DetectionResults boxes, DetectionResults masks) {}
}
