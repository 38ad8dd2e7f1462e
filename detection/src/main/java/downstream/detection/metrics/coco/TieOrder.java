package downstream.detection.metrics.coco;

/** How detections of equal score follow each other. */
enum TieOrder {
  /** Order of the file; across images, ascending image id. */
  FILE,
  /** The better match first. */
  BETTER_FIRST,
  /** The worse match first. */
  WORSE_FIRST
}
