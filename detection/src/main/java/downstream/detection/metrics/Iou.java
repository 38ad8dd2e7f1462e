package downstream.detection.metrics;

/** Geometry on which overlaps are measured. */
public enum Iou {
  bbox,
  segm
}
