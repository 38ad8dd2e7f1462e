package downstream.detection.metrics;

import java.util.BitSet;

/** How far a detection covers a truth of the same picture, by their rows: 0 to 1. */
interface Overlaps {
  double of(int detection, int truth);

  /** Overlaps of boxes, or of masks (every row must have one). */
  static Overlaps of(Iou iou, BoxTable detections, BoxTable truth) {
    return iou == Iou.segm
        ? new MaskOverlaps(detections, truth, truth.crowd)
        : (d, t) -> BoxTable.overlap(detections, d, truth, t);
  }

  /** The same with crowds like any other truth. */
  static Overlaps withoutCrowds(Iou iou, BoxTable detections, BoxTable truth) {
    return iou == Iou.segm
        ? new MaskOverlaps(detections, truth, new BitSet())
        : (d, t) -> BoxTable.overlap(detections, d, truth, t, false);
  }
}
