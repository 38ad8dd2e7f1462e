package downstream.detection.metrics;

/** Whose rules are followed. */
enum Convention {
  coco,
  lvis,
  voc07,
  voc12;

  boolean isVoc() {
    return this == voc07 || this == voc12;
  }
}
