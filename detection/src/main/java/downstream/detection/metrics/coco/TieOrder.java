package downstream.detection.metrics.coco;

/** Order of detections that have the same score. */
enum TieOrder {
  /** Order of the file; across images, ascending image id. */
  FILE,
  /** The better match first. */
  BETTER_FIRST,
  /** The worse match first. */
  WORSE_FIRST
}
