package downstream.detection.heads;

import static downstream.eval.Checks.atLeast;
import static downstream.eval.Checks.fraction;
import static downstream.eval.Checks.or;

import java.util.Optional;

/**
 * Group {@code inference} of a detection protocol: which boxes become detections.
 *
 * @param scoreThreshold weaker boxes are dropped, [0, 1]; 0.05
 * @param preNmsTop strongest cells of each level of FCOS that enter non-maximum suppression; 400
 * @param nmsIou a box whose IoU with a stronger one of its class is higher is dropped; 0.5, for
 *     {@code fcos} 0.6
 * @param maxDetections detections of an image, over all classes; 100
 */
public record DetectionInference(
    Double scoreThreshold, Integer preNmsTop, Optional<Double> nmsIou, Integer maxDetections) {
  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  public DetectionInference {
    scoreThreshold = or(scoreThreshold, 0.05);
    preNmsTop = or(preNmsTop, 400);
    nmsIou = or(nmsIou, Optional.empty());
    maxDetections = or(maxDetections, 100);
    fraction(scoreThreshold, "inference.scoreThreshold");
    atLeast(preNmsTop, 1, "inference.preNmsTop");
    nmsIou.ifPresent(iou -> fraction(iou, "inference.nmsIou"));
    atLeast(maxDetections, 1, "inference.maxDetections");
  }

  /** Returns these settings with the default values for a detector. */
  DetectionInference forHead(DetectionHeadType type) {
    double iou = nmsIou.orElse(type.hasRegions() ? 0.5 : 0.6);
    return new DetectionInference(scoreThreshold, preNmsTop, Optional.of(iou), maxDetections);
  }

  /** {@code nmsIou}, once the detector is known. */
  double suppressionIou() {
    return nmsIou.orElseThrow();
  }
}
