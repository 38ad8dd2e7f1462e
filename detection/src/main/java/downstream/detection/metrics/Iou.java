package downstream.detection.metrics;

/** What overlaps are measured on. */
public enum Iou {
  bbox,
  segm
}
