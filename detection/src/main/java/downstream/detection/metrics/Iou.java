package downstream.detection.metrics;

/** What overlaps are measured on. */
enum Iou {
  bbox,
  segm
}
