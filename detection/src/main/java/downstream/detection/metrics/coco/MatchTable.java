package downstream.detection.metrics.coco;

import java.util.List;
import java.util.Map;

/**
 * Part of an evaluation that the scores need: which detection matched, image by image.
 *
 * @param images how many take part
 * @param categoryNames one per entry of {@code classes}
 * @param maxDets limits of detections per image and category, ascending
 * @param pycocotools whether its quirks are reproduced
 * @param classes per category
 * @param counts images, ground truth, detections, dropped ones
 * @param warnings whatever changed or could change a metric
 */
public record MatchTable(
    int images,
    List<String> categoryNames,
    List<Integer> maxDets,
    boolean pycocotools,
    List<ClassMatches> classes,
    Map<String, Long> counts,
    List<String> warnings) {
  public MatchTable {
    categoryNames = List.copyOf(categoryNames);
    maxDets = List.copyOf(maxDets);
    classes = List.copyOf(classes);
    counts = Map.copyOf(counts);
    warnings = List.copyOf(warnings);
  }
}
