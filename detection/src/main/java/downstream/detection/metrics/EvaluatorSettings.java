package downstream.detection.metrics;

import java.util.List;

/**
 * Settings of the evaluators.
 *
 * @param iou what overlaps are measured on
 * @param pycocotools reproduce pycocotools to the quirk: ground truth with id 0 counts as
 *     unmatched, ground truth of unknown images or categories is dropped, AP needs 100 among the
 *     limits, the first result says what all results hold
 * @param classAgnostic pool all categories of an image (pycocotools: {@code useCats=0})
 * @param convention COCO's rules or another's; LVIS's one limit counts detections of all categories
 *     of an image, VOC has no limit
 * @param maxDets limits of detections per image and category, ascending; AP goes by the last
 */
public record EvaluatorSettings(
    Iou iou,
    boolean pycocotools,
    boolean classAgnostic,
    Convention convention,
    List<Integer> maxDets) {
  /** COCO's own: boxes, 1, 10 and 100 detections, per category, every ground truth counted. */
  public static final EvaluatorSettings COCO =
      new EvaluatorSettings(false, false, List.of(1, 10, 100));

  public EvaluatorSettings {
    maxDets = maxDets.stream().sorted().distinct().toList();
    if (maxDets.isEmpty() || maxDets.get(0) < 1) {
      throw new IllegalArgumentException("maxDets must be whole numbers > 0, found " + maxDets);
    }
  }

  /** Boxes by COCO's rules. */
  public EvaluatorSettings(boolean pycocotools, boolean classAgnostic, List<Integer> maxDets) {
    this(Iou.bbox, pycocotools, classAgnostic, Convention.coco, maxDets);
  }

  /** The same on boxes or masks. */
  public EvaluatorSettings on(Iou other) {
    return new EvaluatorSettings(other, pycocotools, classAgnostic, convention, maxDets);
  }

  public boolean federated() {
    return convention == Convention.lvis;
  }

  public int lastMaxDets() {
    return maxDets.get(maxDets.size() - 1);
  }
}
