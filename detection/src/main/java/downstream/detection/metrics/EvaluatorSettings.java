package downstream.detection.metrics;

import java.util.List;

/**
 * What may be chosen about the box evaluator.
 *
 * @param pycocotools reproduce pycocotools to the quirk: truth with id 0 counts as unmatched, truth
 *     of unknown images or categories is dropped, AP needs 100 among the limits
 * @param classAgnostic pool all categories of an image (pycocotools: {@code useCats=0})
 * @param maxDets limits of detections per image and category, ascending; AP goes by the last
 */
record EvaluatorSettings(boolean pycocotools, boolean classAgnostic, List<Integer> maxDets) {
  /** COCO's own: 1, 10 and 100 detections, per category, every truth counted. */
  static final EvaluatorSettings COCO = new EvaluatorSettings(false, false, List.of(1, 10, 100));

  EvaluatorSettings {
    maxDets = maxDets.stream().sorted().distinct().toList();
    if (maxDets.isEmpty() || maxDets.get(0) < 1) {
      throw new IllegalArgumentException("maxDets must be whole numbers > 0, found " + maxDets);
    }
  }

  int lastMaxDets() {
    return maxDets.get(maxDets.size() - 1);
  }
}
