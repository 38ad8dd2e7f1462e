package downstream.detection.metrics;

/** Evaluator whose rules are followed. */
public enum Convention {
  coco,
  lvis,
  voc07,
  voc12;

  public boolean isVoc() {
    return this == voc07 || this == voc12;
  }
}
