package downstream.detection.metrics;

import java.util.BitSet;

/**
 * Overlap of a detection with a ground truth of the same image, both given by their rows: 0 to 1.
 */
public interface Overlaps {
  double of(int detection, int groundTruth);

  /** Overlaps of boxes, or of masks (every row must have one). */
  static Overlaps of(Iou iou, BoxTable detections, BoxTable groundTruth) {
    return iou == Iou.segm
        ? new MaskOverlaps(detections, groundTruth, groundTruth.crowd)
        : (d, t) -> BoxTable.overlap(detections, d, groundTruth, t);
  }

  /** The same with crowds like any other ground truth. */
  static Overlaps withoutCrowds(Iou iou, BoxTable detections, BoxTable groundTruth) {
    return iou == Iou.segm
        ? new MaskOverlaps(detections, groundTruth, new BitSet())
        : (d, t) -> BoxTable.overlap(detections, d, groundTruth, t, false);
  }
}
